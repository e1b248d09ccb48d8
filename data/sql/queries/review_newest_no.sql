-- query:  review_newest_no
-- asks:   the number of the newest review; 0 before any
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE(MAX(review_no), 0) AS review_no
FROM review;
