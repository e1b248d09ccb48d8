-- query:  message_receivers
-- asks:   which open accounts have an address on which channel
-- grain:  one row per account and address
-- unit:   none
-- params: $account_id (one account; empty for all)
SELECT
    a.account_id,
    a.person_name,
    a.role,
    a.recipient_id,
    m.channel_key,
    m.mail_address,
    m.is_digest_on
FROM account AS a
JOIN message_address AS m ON m.account_id = a.account_id
WHERE NOT a.is_disabled AND $account_id IN ('', a.account_id)
ORDER BY a.account_id, m.channel_key;
