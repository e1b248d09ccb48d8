-- query:  region_newest_entry_no
-- asks:   the number of the newest entry of the prefecture itself; 0 before any
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE(MAX(entry_no), 0) AS entry_no
FROM region_actual;
