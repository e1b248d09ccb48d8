-- query:  newest_check_no
-- asks:   the number of the newest check of any value
-- grain:  one row
-- unit:   none; 0 before the first check
-- params: none
SELECT COALESCE((SELECT check_no FROM value_check ORDER BY check_no DESC LIMIT 1), 0) AS check_no;
