-- query:  log_entries
-- asks:   who did what, when, from where, in what words and with which hash
-- grain:  one row per entry of the log, the newest first, at most $most of them; found_count is of all that fit
-- unit:   none
-- params: $person, $action_name, $recipient_id, $subject: '' for any; $from_on, $to_on; $most
WITH fitting AS (
    SELECT a.entry_no
    FROM audit_log AS a
    WHERE
        ($person = '' OR CONTAINS(a.actor_name, $person) OR CONTAINS(a.account_id, $person))
        AND ($action_name = '' OR a.action_name = $action_name)
        AND ($subject = '' OR CONTAINS(a.subject_text, $subject))
        -- Who acted for the unit, or what was done about it: its name stands as a word of its own in the subject.
        AND (
            $recipient_id = ''
            OR a.actor_recipient_id = $recipient_id
            OR LIST_CONTAINS(STRING_SPLIT(REPLACE(a.subject_text, '|', ' '), ' '), $recipient_id)
        )
        AND a.happened_at >= CAST($from_on AS TIMESTAMP)
        AND a.happened_at < CAST($to_on AS TIMESTAMP) + INTERVAL 1 DAY
),

-- What is not shown is counted, and never read.
newest AS (
    SELECT entry_no
    FROM fitting
    ORDER BY entry_no DESC
    LIMIT $most
)

SELECT
    a.entry_no,
    a.happened_at,
    a.actor_name,
    a.actor_role,
    a.account_id,
    a.actor_recipient_id,
    r.recipient_name,
    a.origin_text,
    a.action_name,
    a.subject_text,
    a.detail_json,
    a.previous_hash,
    a.entry_hash,
    (SELECT COUNT(*) FROM fitting) AS found_count
FROM newest AS n
JOIN audit_log AS a ON a.entry_no = n.entry_no
LEFT JOIN recipient AS r ON r.recipient_id = a.actor_recipient_id
ORDER BY a.entry_no DESC;
