-- check:    P16
-- title:    预算指标登录以前就支付
-- severity: warning
-- grain:    one row per recipient and budget allotment; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads counted_payment, counted_allotment
-- source:   metrics.law.ALLOTMENT_CONTROL_SOURCE
-- says:     支付日期早于预算指标登录日期，请核对两个日期，确实先支付后登录的说明原因
-- warning: the day of registration may be that of a later import.
WITH registered AS (
    SELECT
        recipient_id,
        allotment_key,
        MIN(registered_on) AS registered_on
    FROM counted_allotment
    WHERE system_name = 'integrated' AND allotment_key <> ''
    GROUP BY recipient_id, allotment_key
)

SELECT
    p.recipient_id,
    '指标 ' || p.allotment_key || ' 的支付日期' AS subject_text,
    STRFTIME(MIN(p.paid_on), '%Y-%m-%d') AS stated_text,
    STRFTIME(r.registered_on, '%Y-%m-%d 及以后') AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN registered AS r ON r.recipient_id = p.recipient_id AND r.allotment_key = p.allotment_key
WHERE p.system_name = 'integrated' AND p.paid_on < r.registered_on
GROUP BY p.recipient_id, p.allotment_key, r.registered_on
HAVING SUM(p.amount_yuan) > 0
ORDER BY p.recipient_id, p.allotment_key;
