-- write:  take_back_messages
-- does:   lets the messages that a killed process left in the middle wait again
-- grain:  one row per message in sending, none but after a kill
-- unit:   none
-- params: $fault_text
UPDATE message
SET
    message_state = 'waiting',
    fault_text = $fault_text
WHERE message_state = 'sending';
