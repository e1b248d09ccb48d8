-- query:  message_to_send
-- asks:   which message is due to be sent next
-- grain:  one row, or none; what is told at once comes before digests
-- unit:   none
-- params: $at, $is_open (false in quiet hours: only tests then), $message_no (0 for any)
SELECT *
FROM message
WHERE
    message_state = 'waiting'
    AND send_after <= $at
    AND ($is_open OR message_kind = 'test')
    AND ($message_no = 0 OR message_no = $message_no)
ORDER BY CASE message_kind WHEN 'digest' THEN 1 ELSE 0 END, message_no
LIMIT 1;
