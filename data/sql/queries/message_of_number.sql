-- query:  message_of_number
-- asks:   one message with what became of it
-- grain:  one row, or none
-- unit:   none
-- params: $message_no
SELECT *
FROM message
WHERE message_no = $message_no;
