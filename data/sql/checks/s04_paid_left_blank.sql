-- check:    S04
-- title:    有支付，填报时没有填
-- severity: warning
-- grain:    one row per recipient and round; no rows means pass
-- unit:     元
-- params:   none; reads reported_paid
-- source:   metrics.law.SAME_DATA_SOURCE, metrics.law.EXECUTION_RATE_SOURCE
-- says:     一体化系统里有支付，填报表的已支付空着，请核对；属实的更正填报，没有填的执行率算不出来
-- warning: without it there is no execution rate; nothing is counted as 0.
SELECT
    recipient_id,
    round_name || '填报的已支付' AS subject_text,
    '没有填' AS stated_text,
    docked_text AS expected_text,
    docked_yuan AS amount_yuan,
    1 AS found_count,
    file_text AS place_text
FROM reported_paid
WHERE reported_yuan IS NULL AND docked_yuan > 0
ORDER BY period_end_on, recipient_id;
