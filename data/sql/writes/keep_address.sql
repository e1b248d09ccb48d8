-- write:  keep_address
-- does:   puts a person's address on a channel to a value, and whether digests go there
-- grain:  one row per account and channel
-- unit:   none
-- params: $account_id, $channel_key, $mail_address, $is_digest_on, $changed_at, $changed_by
INSERT INTO message_address
VALUES ($account_id, $channel_key, $mail_address, $is_digest_on, $changed_at, $changed_by)
ON CONFLICT (account_id, channel_key) DO UPDATE SET
    mail_address = excluded.mail_address,
    is_digest_on = excluded.is_digest_on,
    changed_at = excluded.changed_at,
    changed_by = excluded.changed_by;
