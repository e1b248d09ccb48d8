-- query:  message_causes
-- asks:   what still has to be told at once
-- grain:  one row per cause, the oldest first
-- unit:   none
-- params: none
SELECT
    cause_no,
    message_kind,
    recipient_id,
    cause_key,
    caused_at
FROM message_cause
WHERE told_at IS NULL
ORDER BY cause_no;
