-- query:  newest_cause_no
-- asks:   the number of the newest cause of a message, 0 before the first
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE(MAX(cause_no), 0) AS cause_no
FROM message_cause;
