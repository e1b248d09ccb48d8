-- query:  newest_limit_no
-- asks:   which number the newest setting of a limit of monitoring has
-- grain:  one row
-- unit:   0 before the first setting
-- params: none
SELECT COALESCE(MAX(limit_no), 0) AS newest_limit_no
FROM limit_value;
