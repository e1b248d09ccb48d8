-- check:    P17
-- title:    同一笔支付出现两次
-- severity: warning
-- grain:    one row per recipient, system and payment; no rows means pass
-- unit:     元
-- params:   none; reads docked_payment
-- source:   metrics.law.SAME_DATA_SOURCE
-- says:     同一支付主键、同一日期和金额出现多次，请核对是系统重复还是导出重复，留一行
-- warning: it may be the export alone. Every other check counts such a row once.
SELECT
    recipient_id,
    CASE system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END || '支付主键' AS subject_text,
    payment_key || ' 出现 ' || COUNT(*) || ' 次' AS stated_text,
    '一次' AS expected_text,
    amount_yuan * (COUNT(*) - 1) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(place_text, (export_no, line_no)) || '、' || MAX_BY(place_text, (export_no, line_no)) AS place_text
FROM docked_payment
WHERE is_of_notice AND payment_key <> ''
GROUP BY recipient_id, system_name, document_number, payment_key, amount_yuan, paid_on, budget_item_code
HAVING COUNT(*) > 1
ORDER BY recipient_id, system_name, payment_key;
