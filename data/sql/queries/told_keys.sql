-- query:  told_keys
-- asks:   what was open for one receiver in each of its digests on a channel
-- grain:  one row per digest, the newest first
-- unit:   none
-- params: $receiver_key, $channel_key
SELECT keys_json
FROM message
WHERE receiver_key = $receiver_key AND channel_key = $channel_key AND message_kind = 'digest'
ORDER BY message_no DESC;
