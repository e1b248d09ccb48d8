-- query:  message_outbox
-- asks:   what was put into the outbox for whom, and what became of it
-- grain:  one row per message, what needs somebody first, then the newest; the last 500
-- unit:   none
-- params: none
SELECT
    m.message_no,
    m.message_kind,
    m.receiver_key,
    a.person_name,
    m.channel_key,
    m.title_text,
    m.made_at,
    m.send_after,
    m.message_state,
    m.attempt_count,
    m.tried_at,
    m.sent_at,
    m.fault_text
FROM message AS m
LEFT JOIN account AS a ON a.account_id = m.receiver_key
ORDER BY
    CASE m.message_state WHEN 'given_up' THEN 0 WHEN 'sending' THEN 1 WHEN 'waiting' THEN 2 ELSE 3 END,
    m.message_no DESC
LIMIT 500;
