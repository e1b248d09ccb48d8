-- check:    P14
-- title:    支付所用的预算指标查不到
-- severity: warning
-- grain:    one row per recipient and budget allotment; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads counted_payment, docked_allotment, unit_export
-- source:   metrics.law.ALLOTMENT_CONTROL_SOURCE
-- says:     支付写的指标主键在预算指标里查不到，请核对支付用的是哪一笔指标，并重新导出预算指标
-- warning: the export of allotments may be older than the payment; only payments up to its day are looked at.
SELECT
    p.recipient_id,
    '支付所用指标' AS subject_text,
    p.allotment_key AS stated_text,
    '预算指标里有这个主键' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN unit_export AS e
    ON e.recipient_id = p.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'allotment'
    AND e.until_on >= p.paid_on
WHERE
    p.system_name = 'integrated'
    AND p.allotment_key <> ''
    AND NOT EXISTS (
        SELECT 1
        FROM docked_allotment AS a
        WHERE a.system_name = 'integrated' AND a.allotment_key = p.allotment_key
    )
GROUP BY p.recipient_id, p.allotment_key
HAVING SUM(p.amount_yuan) > 0
ORDER BY p.recipient_id, p.allotment_key;
