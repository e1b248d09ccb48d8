-- query:  newest_receipt_no
-- asks:   the number of the newest receipt record; 0 before any
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE((SELECT receipt_no FROM receipt ORDER BY receipt_no DESC LIMIT 1), 0) AS receipt_no;
