-- check:    P05
-- title:    支付超过下达，没有说明理由
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.PAYMENT_DUTY_SOURCE, metrics.law.ALLOTMENT_CONTROL_SOURCE
-- says:     支付合计超过通知下达的金额，请核对：确有理由的写明理由和金额，属于多付的退回
-- fatal: a rate over 100 % stands only with its reason, and that only up to its amount. A unit whose money was cut is
-- R17's.
SELECT
    recipient_id,
    '已支付合计' AS subject_text,
    paid_text AS stated_text,
    '不超过下达 ' || after_text AS expected_text,
    paid_yuan - after_yuan AS amount_yuan,
    1 AS found_count,
    paid_place_text AS place_text
FROM unit_docked
WHERE paid_yuan > allowed_yuan AND adjustment_yuan >= 0
ORDER BY recipient_id;
