-- query:  newest_correction_no
-- asks:   the number of the newest hand correction; 0 before any
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE(MAX(correction_no), 0) AS correction_no
FROM correction;
