-- query:  newest_reason_no
-- asks:   which number the newest reason of a rate over 100 % has
-- grain:  one row
-- unit:   0 before the first reason
-- params: none
SELECT COALESCE(MAX(reason_no), 0) AS newest_reason_no
FROM rate_reason;
