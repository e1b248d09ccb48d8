-- query:  allocation_lines
-- asks:   who gets how much by a notice, per source document
-- grain:  one row per recipient and source document
-- unit:   元
-- params: $notice_key
SELECT
    l.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    u.recipient_kind,
    u.display_no,
    l.source_document,
    l.line_no,
    l.before_yuan,
    l.adjustment_yuan,
    l.after_yuan
FROM allocation_line AS l
JOIN recipient AS u ON u.recipient_id = l.recipient_id
WHERE l.notice_key = $notice_key
ORDER BY l.line_no, l.source_document;
