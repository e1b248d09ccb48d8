-- check:    R04
-- title:    预算指标的直达资金标识与通知不同
-- severity: fatal
-- grain:    one row per recipient, system and marker; no rows means pass
-- unit:     元
-- params:   none; reads counted_allotment, notice_fact
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     预算指标登录了别的直达资金标识，请改成通知所列的标识，标识从分配到使用保持不变
-- fatal: the notice orders the marker to stay as it is.
SELECT
    a.recipient_id,
    CASE a.system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END || '预算指标的标识' AS subject_text,
    a.marker_text AS stated_text,
    n.marker_text AS expected_text,
    SUM(a.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(a.place_text, (a.export_no, a.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_allotment AS a
JOIN notice_fact AS n ON n.marker_text <> ''
WHERE a.marker_text <> '' AND a.marker_text <> n.marker_text
GROUP BY a.recipient_id, a.system_name, a.marker_text, n.marker_text
ORDER BY a.recipient_id, a.system_name, a.marker_text;
