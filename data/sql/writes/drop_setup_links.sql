-- write:  drop_setup_links
-- does:   makes every link to the first start worth nothing
-- grain:  one row per link
-- unit:   none
-- params: none
DELETE FROM setup_link;
