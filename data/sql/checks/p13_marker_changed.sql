-- check:    P13
-- title:    支付的直达资金标识与通知不同
-- severity: fatal
-- grain:    one row per recipient, system and marker; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, notice_fact
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     支付带了别的直达资金标识，请改成通知所列的标识，标识从分配到使用保持不变
-- fatal: the notice orders the marker to stay as it is.
SELECT
    p.recipient_id,
    CASE p.system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END || '支付的标识' AS subject_text,
    p.marker_text AS stated_text,
    n.marker_text AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN notice_fact AS n ON n.marker_text <> ''
WHERE p.marker_text <> '' AND p.marker_text <> n.marker_text
GROUP BY p.recipient_id, p.system_name, p.marker_text, n.marker_text
ORDER BY p.recipient_id, p.system_name, p.marker_text;
