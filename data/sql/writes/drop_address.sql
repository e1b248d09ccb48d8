-- write:  drop_address
-- does:   takes a person's address off a channel
-- grain:  one row, or none
-- unit:   none
-- params: $account_id, $channel_key
DELETE FROM message_address
WHERE account_id = $account_id AND channel_key = $channel_key;
