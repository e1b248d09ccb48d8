-- check:    R17
-- title:    调减后低于已支付
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.ALLOTMENT_CONTROL_SOURCE; the notice's own 调整数 and 调整后
-- says:     通知调减后的金额比已经支付的还少，请核对后退回多付的部分，或报告下达机关更正调整数
-- fatal: money is spent that the unit no longer has, and no reason given for a rate mends that. A unit that was not
-- cut is P05's.
SELECT
    recipient_id,
    '已支付合计' AS subject_text,
    paid_text AS stated_text,
    '不超过调整后 ' || after_text AS expected_text,
    paid_yuan - after_yuan AS amount_yuan,
    1 AS found_count,
    paid_place_text AS place_text
FROM unit_docked
WHERE adjustment_yuan < 0 AND paid_yuan > after_yuan
ORDER BY recipient_id;
