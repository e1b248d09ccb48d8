-- check:    R03
-- title:    预算指标没有直达资金标识
-- severity: warning
-- grain:    one row per recipient and system; no rows means pass
-- unit:     元
-- params:   none; reads counted_allotment, notice_fact
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     预算指标没有登录直达资金标识，请在系统里补上通知所列的标识
-- warning: an empty cell may be an export without the column, so look before calling it a breach.
SELECT
    a.recipient_id,
    CASE a.system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END || '预算指标的标识' AS subject_text,
    '没有标识' AS stated_text,
    n.marker_text AS expected_text,
    SUM(a.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(a.place_text, (a.export_no, a.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_allotment AS a
JOIN notice_fact AS n ON n.marker_text <> ''
WHERE a.marker_text = ''
GROUP BY a.recipient_id, a.system_name, n.marker_text
ORDER BY a.recipient_id, a.system_name;
