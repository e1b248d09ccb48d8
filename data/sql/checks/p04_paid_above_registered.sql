-- check:    P04
-- title:    支付超过已登录的预算指标
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.ALLOTMENT_CONTROL_SOURCE
-- says:     支付合计超过一体化系统里登录的预算指标，请核对登录是否齐全：漏登的补登，确实先支付后登录的说明原因
-- fatal: nothing may be paid without a budget allotment. What exceeds the notice as well is P05's or R17's.
SELECT
    recipient_id,
    '已支付合计' AS subject_text,
    paid_text AS stated_text,
    '不超过已登录 ' || integrated_text AS expected_text,
    paid_yuan - integrated_yuan AS amount_yuan,
    1 AS found_count,
    paid_place_text AS place_text
FROM unit_docked
WHERE paid_yuan > integrated_yuan AND paid_yuan <= after_yuan
ORDER BY recipient_id;
