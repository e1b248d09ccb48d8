-- check:    S03
-- title:    填报的支付超过下达
-- severity: warning
-- grain:    one row per recipient and round; no rows means pass
-- unit:     元
-- params:   none; reads reported_paid, unit_docked
-- source:   metrics.law.EXECUTION_RATE_SOURCE
-- says:     填报的已支付超过下达的金额，请核对单位和小数点；确有理由的写明理由
-- warning: only where no export of payments can be asked: else S01, S05 or P05 speak of it.
SELECT
    r.recipient_id,
    r.round_name || '填报的已支付' AS subject_text,
    r.reported_text AS stated_text,
    '不超过下达 ' || u.after_text AS expected_text,
    r.reported_yuan - u.after_yuan AS amount_yuan,
    1 AS found_count,
    r.round_name || '填报表' AS place_text
FROM reported_paid AS r
JOIN unit_docked AS u ON u.recipient_id = r.recipient_id
WHERE r.docked_yuan IS NULL AND r.reported_yuan > u.allowed_yuan
ORDER BY r.period_end_on, r.recipient_id;
