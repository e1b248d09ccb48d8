-- query:  service_holdings
-- asks:   what the store itself says of how the service is kept: the last backup, who is at work, what was not sent
-- grain:  one row
-- unit:   none; last_backup_at is empty before the first backup
-- params: none
SELECT
    (SELECT MAX(happened_at) FROM audit_log WHERE action_name = 'make_backup') AS last_backup_at,
    (SELECT ARG_MAX(subject_text, entry_no) FROM audit_log WHERE action_name = 'make_backup') AS last_backup_name,
    (SELECT COUNT(*) FROM web_session) AS session_count,
    (SELECT COUNT(*) FROM message WHERE message_state = 'given_up') AS given_up_count,
    (SELECT COUNT(*) FROM message WHERE message_state = 'waiting') AS waiting_count;
