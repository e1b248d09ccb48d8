-- check:    S02
-- title:    填报的累计支付比上一轮少
-- severity: warning
-- grain:    one row per recipient and round; no rows means pass
-- unit:     元
-- params:   none; reads reported_money
-- source:   metrics.law.EXECUTION_RATE_SOURCE
-- says:     累计已支付比上一轮填报的还少，请核对：有退回的写明，填错的更正
-- warning: a refund explains it; a slip does as well.
WITH step AS (
    SELECT
        *,
        LAG(paid_yuan) OVER (PARTITION BY recipient_id ORDER BY period_end_on) AS earlier_yuan,
        LAG(round_name) OVER (PARTITION BY recipient_id ORDER BY period_end_on) AS earlier_name
    FROM reported_money
    WHERE paid_yuan IS NOT NULL
)

SELECT
    recipient_id,
    round_name || '填报的已支付' AS subject_text,
    wan_text(paid_yuan) AS stated_text,
    '不少于' || earlier_name || '的 '
    || wan_text(earlier_yuan) AS expected_text,
    earlier_yuan - paid_yuan AS amount_yuan,
    1 AS found_count,
    round_name || '填报表' AS place_text
FROM step
WHERE paid_yuan < earlier_yuan
ORDER BY period_end_on, recipient_id;
