-- query:  imports
-- asks:   which bulk imports wrote anything, and what became of their rows
-- grain:  one row per import, the newest first
-- unit:   rows
-- params: none
SELECT
    l.entry_no,
    l.entry_hash,
    l.happened_at,
    l.actor_name,
    l.actor_recipient_id AS recipient_id,
    l.subject_text,
    COUNT(*) AS row_count,
    COUNT(*) FILTER (WHERE r.row_outcome = 'rejected') AS rejected_count
FROM audit_log AS l
JOIN import_row AS r ON r.entry_no = l.entry_no
GROUP BY ALL
ORDER BY l.entry_no DESC;
