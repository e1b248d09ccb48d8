-- query:  told_keys
-- asks:   what was open for one receiver in the last digest that reached it on a channel
-- grain:  one row, or none
-- unit:   none
-- params: $receiver_key, $channel_key
SELECT keys_json
FROM message
WHERE
    receiver_key = $receiver_key
    AND channel_key = $channel_key
    AND message_kind = 'digest'
    AND message_state = 'sent'
ORDER BY message_no DESC
LIMIT 1;
