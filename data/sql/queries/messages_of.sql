-- query:  messages_of
-- asks:   what was put into the outbox for one receiver, and what became of it
-- grain:  one row per message, the newest first; the last 60
-- unit:   none
-- params: $receiver_key
SELECT
    message_no,
    message_kind,
    channel_key,
    title_text,
    lines_json,
    made_at,
    send_after,
    message_state,
    tried_at,
    sent_at,
    sent_to_text,
    fault_text
FROM message
WHERE receiver_key = $receiver_key
ORDER BY message_no DESC
LIMIT 60;
