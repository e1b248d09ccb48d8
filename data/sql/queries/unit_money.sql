-- query:  unit_money
-- asks:   what a notice hands down to each unit in all, and under which marker
-- grain:  one row per recipient of the notice
-- unit:   元; empty where the paper leaves an amount of the unit blank
-- params: $notice_key
SELECT
    l.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    u.display_no,
    CASE WHEN COUNT(l.after_yuan) = COUNT(*) THEN SUM(l.after_yuan) END AS after_yuan,
    COALESCE(n.direct_fund_marker, '') AS marker_text
FROM allocation_line AS l
JOIN recipient AS u ON u.recipient_id = l.recipient_id
JOIN notice AS n ON n.notice_key = l.notice_key
WHERE l.notice_key = $notice_key
GROUP BY l.recipient_id, u.recipient_name, u.short_name, u.display_no, n.direct_fund_marker;
