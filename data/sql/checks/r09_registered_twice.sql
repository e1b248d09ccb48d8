-- check:    R09
-- title:    同一笔预算指标出现两次
-- severity: warning
-- grain:    one row per recipient, system and budget allotment; no rows means pass
-- unit:     元; what is there too often
-- params:   none; reads docked_allotment
-- source:   metrics.law.SAME_DATA_SOURCE
-- says:     同一指标主键、同一日期和金额出现多次，请核对是系统重复登录还是导出重复，留一行
-- warning: it may be two exports that overlap. Every other check counts such a row once.
SELECT
    recipient_id,
    CASE system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END || '指标主键' AS subject_text,
    allotment_key || ' 出现 ' || COUNT(*) || ' 次' AS stated_text,
    '一次' AS expected_text,
    amount_yuan * (COUNT(*) - 1) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(place_text, (export_no, line_no)) || '、' || MAX_BY(place_text, (export_no, line_no)) AS place_text
FROM docked_allotment
WHERE is_of_notice AND allotment_key <> ''
GROUP BY
    recipient_id, system_name, document_number, allotment_key, amount_yuan, registered_on, budget_item_code
HAVING COUNT(*) > 1
ORDER BY recipient_id, system_name, allotment_key;
