-- check:    P03
-- title:    支付没有科目
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment
-- source:   metrics.law.SEPARATE_BOOKS_SOURCE, metrics.law.MONITORING_DATA_SOURCE
-- says:     支付没有列科目，无法看出用在哪一项救助，请在系统里补上支出科目
-- warning: the export may lack the column; running monitoring systems list such payments.
SELECT
    p.recipient_id,
    '支付科目' AS subject_text,
    '空' AS stated_text,
    '208 类下本资金的七个项级科目' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
WHERE p.system_name = 'integrated' AND p.budget_item_code = ''
GROUP BY p.recipient_id
ORDER BY p.recipient_id;
