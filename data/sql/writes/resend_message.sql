-- write:  resend_message
-- does:   lets a message that was given up be tried again from the first attempt
-- grain:  one row
-- unit:   none
-- params: $message_no, $send_after
UPDATE message
SET
    message_state = 'waiting',
    attempt_count = 0,
    send_after = $send_after
WHERE message_no = $message_no;
