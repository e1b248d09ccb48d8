-- query:  newest_message_no
-- asks:   the number of the newest message, 0 before the first
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE(MAX(message_no), 0) AS message_no
FROM message;
