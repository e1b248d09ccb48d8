-- check:    P15
-- title:    支付挂在别的资金或别的单位的预算指标上
-- severity: fatal
-- grain:    one row per recipient and budget allotment; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads counted_payment, docked_allotment, recipient
-- source:   metrics.law.SEPARATE_FUND_SOURCE, metrics.law.ALLOTMENT_CONTROL_SOURCE
-- says:     支付挂在别的文件或别的单位的预算指标上，请核对：挂错的更正到本单位本资金的指标，确实用了别的资金的退回重付
-- fatal: the payment and the allotment that carries it name different money.
WITH carrier AS (
    SELECT
        a.allotment_key,
        MIN(a.document_number) AS document_number,
        MIN(a.recipient_id) AS recipient_id,
        LIST(a.recipient_id) FILTER (WHERE a.is_of_notice) AS own_units
    FROM docked_allotment AS a
    WHERE a.system_name = 'integrated' AND a.allotment_key <> ''
    GROUP BY a.allotment_key
)

SELECT
    p.recipient_id,
    '支付所用指标' AS subject_text,
    p.allotment_key || ' 属于' || COALESCE(MIN(u.recipient_name), '名单外单位') || '，'
    || MIN(c.document_number) AS stated_text,
    '本单位、' || MIN(p.document_number) AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN carrier AS c ON c.allotment_key = p.allotment_key
LEFT JOIN recipient AS u ON u.recipient_id = c.recipient_id
WHERE p.system_name = 'integrated' AND NOT COALESCE(LIST_CONTAINS(c.own_units, p.recipient_id), FALSE)
GROUP BY p.recipient_id, p.allotment_key
HAVING SUM(p.amount_yuan) > 0
ORDER BY p.recipient_id, p.allotment_key;
