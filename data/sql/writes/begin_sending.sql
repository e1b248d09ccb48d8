-- write:  begin_sending
-- does:   claims a message: from here until end_sending it is with the channel
-- grain:  one row
-- unit:   none
-- params: $message_no, $tried_at
UPDATE message
SET
    message_state = 'sending',
    attempt_count = attempt_count + 1,
    tried_at = $tried_at
WHERE message_no = $message_no;
