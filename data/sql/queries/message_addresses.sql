-- query:  message_addresses
-- asks:   where each person is reached
-- grain:  one row per account and address; accounts without one are not there
-- unit:   none
-- params: none
SELECT
    m.account_id,
    a.person_name,
    a.role,
    a.is_disabled,
    r.short_name AS unit_short_name,
    m.channel_key,
    m.mail_address,
    m.is_digest_on,
    m.changed_at,
    m.changed_by
FROM message_address AS m
JOIN account AS a ON a.account_id = m.account_id
LEFT JOIN recipient AS r ON r.recipient_id = a.recipient_id
ORDER BY a.recipient_id, m.account_id, m.channel_key;
