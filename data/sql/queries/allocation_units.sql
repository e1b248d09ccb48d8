-- query:  allocation_units
-- asks:   who gets how much by a notice, over all its source documents
-- grain:  one row per recipient
-- unit:   元; before and adjustment are empty where the notice does not adjust
-- params: $notice_key
SELECT
    l.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    u.recipient_kind,
    u.display_no,
    MIN(l.line_no) AS line_no,
    SUM(l.before_yuan) AS before_yuan,
    SUM(l.adjustment_yuan) AS adjustment_yuan,
    SUM(l.after_yuan) AS after_yuan
FROM allocation_line AS l
JOIN recipient AS u ON u.recipient_id = l.recipient_id
WHERE l.notice_key = $notice_key
GROUP BY l.recipient_id, u.recipient_name, u.short_name, u.recipient_kind, u.display_no
ORDER BY MIN(l.line_no);
