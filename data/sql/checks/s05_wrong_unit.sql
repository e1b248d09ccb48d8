-- check:    S05
-- title:    填报的支付数差一万倍
-- severity: fatal
-- grain:    one row per recipient and round; no rows means pass
-- unit:     元
-- params:   none; reads reported_paid
-- source:   metrics.law.SAME_DATA_SOURCE; the form's own unit 万元
-- says:     填报的已支付与系统支付差约一万倍，疑似元和万元填混了，请核对；属实的更正填报
-- fatal: every rate that rests on it is wrong ten-thousandfold.
SELECT
    recipient_id,
    round_name || '填报的已支付' AS subject_text,
    reported_text AS stated_text,
    docked_text AS expected_text,
    ABS(reported_yuan - docked_yuan) AS amount_yuan,
    1 AS found_count,
    file_text AS place_text
FROM reported_paid
WHERE is_unit_slip
ORDER BY period_end_on, recipient_id;
