-- check:    S01
-- title:    填报的支付数与系统支付不符
-- severity: warning
-- grain:    one row per recipient and round; no rows means pass
-- unit:     元
-- params:   none; reads reported_paid
-- source:   metrics.law.SAME_DATA_SOURCE, metrics.law.EXECUTION_RATE_SOURCE
-- says:     填报的已支付与一体化系统同一天的支付合计不符，请核对；填错的更正填报，没有填错的说明差额在哪里
-- warning: one of the two may lag behind. Less than 0.01 万元, the form's own unit, is no difference; figures in the
-- wrong unit are S05's.
SELECT
    recipient_id,
    round_name || '填报的已支付' AS subject_text,
    reported_text AS stated_text,
    docked_text AS expected_text,
    ABS(reported_yuan - docked_yuan) AS amount_yuan,
    1 AS found_count,
    file_text AS place_text
FROM reported_paid
WHERE ABS(reported_yuan - docked_yuan) >= 100 AND NOT COALESCE(is_unit_slip, FALSE)
ORDER BY period_end_on, recipient_id;
