-- query:  addresses_of
-- asks:   where one person is reached
-- grain:  one row per address
-- unit:   none
-- params: $account_id
SELECT
    channel_key,
    mail_address,
    is_digest_on,
    changed_at
FROM message_address
WHERE account_id = $account_id
ORDER BY channel_key;
