-- check:    P24
-- title:    支付没有收款人
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment
-- source:   metrics.law.REAL_NAME_SOURCE, metrics.law.MONITORING_DATA_SOURCE
-- says:     支付没有收款人名称，看不出付给了谁，请核对原始凭证并在系统里补上
-- warning: the cell alone may be missing.
SELECT
    p.recipient_id,
    '收款人' AS subject_text,
    '空' AS stated_text,
    '写明收款人' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
WHERE p.system_name = 'integrated' AND p.payee_kind = ''
GROUP BY p.recipient_id
ORDER BY p.recipient_id;
