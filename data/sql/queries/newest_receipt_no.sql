-- query:  newest_receipt_no
-- asks:   the number of the newest receipt record; 0 before any
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE(MAX(receipt_no), 0) AS receipt_no
FROM receipt;
