-- write:  end_sending
-- does:   keeps what became of a message: sent, to be tried again later, given up, dropped
-- grain:  one row
-- unit:   none
-- params: $message_no, $message_state, $send_after, $sent_at, $sent_to_text, $fault_text
UPDATE message
SET
    message_state = $message_state,
    send_after = $send_after,
    sent_at = $sent_at,
    sent_to_text = $sent_to_text,
    fault_text = $fault_text
WHERE message_no = $message_no;
