-- query:  told_marker
-- asks:   which allotments and payments of each unit stand under another marker than the notice's, or under none
-- grain:  one row per kind of record, recipient, system and marker; marker_text is empty where there is none
-- unit:   元
-- params: none; reads counted_allotment, counted_payment, notice_fact
WITH line AS (
    SELECT 'allotment' AS record_kind, recipient_id, system_name, marker_text, amount_yuan, export_no, line_no, place_text
    FROM counted_allotment
    UNION ALL
    SELECT 'payment', recipient_id, system_name, marker_text, amount_yuan, export_no, line_no, place_text
    FROM counted_payment
)

SELECT
    l.record_kind,
    l.recipient_id,
    l.system_name,
    CASE l.system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END
    || CASE l.record_kind WHEN 'allotment' THEN '预算指标的标识' ELSE '支付的标识' END AS subject_text,
    l.marker_text,
    n.marker_text AS expected_text,
    SUM(l.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(l.place_text, (l.export_no, l.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM line AS l
JOIN notice_fact AS n ON n.marker_text <> '' AND n.marker_text <> l.marker_text
GROUP BY l.record_kind, l.recipient_id, l.system_name, l.marker_text, n.marker_text;
