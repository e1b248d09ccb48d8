-- check:    P12
-- title:    支付没有直达资金标识
-- severity: warning
-- grain:    one row per recipient and system; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, notice_fact
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     支付没有带上直达资金标识，请在系统里补上通知所列的标识
-- warning: an empty cell may be an export without the column.
SELECT
    p.recipient_id,
    CASE p.system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END || '支付的标识' AS subject_text,
    '没有标识' AS stated_text,
    n.marker_text AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN notice_fact AS n ON n.marker_text <> ''
WHERE p.marker_text = ''
GROUP BY p.recipient_id, p.system_name, n.marker_text
ORDER BY p.recipient_id, p.system_name;
