-- write:  keep_message
-- does:   puts a message into the outbox, unless the receiver has one of this kind and cause on the channel
-- grain:  one row per message
-- unit:   none
-- params: $message_no, $message_kind, $receiver_key, $channel_key, $cause_key, $role, $recipient_id, $title_text,
--         $lines_json, $closing_text, $keys_json, $made_at, $send_after
INSERT INTO message
VALUES (
    $message_no, $message_kind, $receiver_key, $channel_key, $cause_key, $role, $recipient_id, $title_text,
    $lines_json, $closing_text, $keys_json, $made_at, $send_after, 'waiting', 0, NULL, NULL, '', ''
)
ON CONFLICT DO NOTHING;
