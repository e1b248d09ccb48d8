-- check:    F16
-- title:    发放明细的直达资金标识不对
-- severity: warning
-- grain:    one row per recipient, file, kind of aid and marker; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout, notice_fact
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     发放明细没有标识，或与文件规定的标识不同，请核对；属实的在系统里更正标识后重新导出
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    CASE WHEN p.marker_text = '' THEN '没有标识' ELSE '标识为 ' || p.marker_text END AS stated_text,
    n.marker_text AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
JOIN notice_fact AS n ON n.marker_text <> '' AND n.marker_text <> p.marker_text
GROUP BY p.recipient_id, p.file_name, p.aid_name, p.marker_text, n.marker_text
ORDER BY p.recipient_id, p.file_name, p.aid_name, p.marker_text;
