-- check:    P20
-- title:    退回后没有重新支付
-- severity: warning
-- grain:    one row per refund; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, asked, monitor_limit, export_cover
-- source:   metrics.law.PAYMENT_DUTY_SOURCE; metrics.limits refund_days
-- says:     支付退回以后超过期限没有重新支付，请查明收款信息，应付的尽快付出，不该付的收回指标
-- warning: money that came back may rightly stay back. Paid again is a payment of as much, later, to the same payee
-- or account. Days are counted as far as exports tell without a gap from the refund on.
SELECT
    p.recipient_id,
    '退回的支付 ' || p.payment_key AS subject_text,
    STRFTIME(p.paid_on, '%Y-%m-%d') || ' 退回 ' || -p.amount_yuan || ' 元，没有重新支付' AS stated_text,
    l.refund_days || ' 天内重新支付' AS expected_text,
    -p.amount_yuan AS amount_yuan,
    1 AS found_count,
    p.place_text
FROM counted_payment AS p
CROSS JOIN asked AS t
CROSS JOIN monitor_limit AS l
JOIN export_cover AS e
    ON e.recipient_id = p.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'payment'
    AND p.paid_on BETWEEN e.from_on AND e.until_on
WHERE
    p.system_name = 'integrated'
    AND p.amount_yuan < 0
    AND DATE_DIFF('day', p.paid_on, LEAST(t.as_of_on, e.until_on)) > l.refund_days
    AND NOT EXISTS (
        SELECT 1
        FROM counted_payment AS again
        WHERE
            again.system_name = 'integrated'
            AND again.recipient_id = p.recipient_id
            AND again.paid_on >= p.paid_on
            AND again.amount_yuan >= -p.amount_yuan
            AND (again.payee_hash = p.payee_hash OR again.account_hash = p.account_hash)
    )
ORDER BY p.recipient_id, p.export_no, p.line_no;
