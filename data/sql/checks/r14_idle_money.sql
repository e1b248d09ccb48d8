-- check:    R14
-- title:    资金闲置
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked, asked, monitor_limit
-- source:   metrics.law.IDLE_MONEY_SOURCE; metrics.limits idle_days
-- says:     登录或最近一次支付以后余额一直没有动，请说明原因，列出用款计划
-- warning: the days are another county's practice, set here. Days run to the last day that the payment export speaks
-- of: after it nothing is known. Money past the years of carry-over is R13's.
SELECT
    u.recipient_id,
    '预算指标余额' AS subject_text,
    '剩余 ' || wan_text(u.integrated_yuan - u.paid_yuan) || '，'
    || DATE_DIFF('day', GREATEST(u.registered_on, u.paid_on), LEAST(t.as_of_on, u.paid_until_on))
    || ' 天没有动' AS stated_text,
    '不超过 ' || l.idle_days || ' 天' AS expected_text,
    u.integrated_yuan - u.paid_yuan AS amount_yuan,
    1 AS found_count,
    COALESCE(u.paid_place_text, u.integrated_place_text) AS place_text
FROM unit_docked AS u
CROSS JOIN asked AS t
CROSS JOIN monitor_limit AS l
WHERE
    u.integrated_yuan > u.paid_yuan
    AND u.paid_until_on IS NOT NULL
    AND DATE_DIFF('day', GREATEST(u.registered_on, u.paid_on), LEAST(t.as_of_on, u.paid_until_on)) > l.idle_days
    AND EXTRACT(YEAR FROM LEAST(t.as_of_on, u.paid_until_on)) < u.fiscal_year + l.carryover_years
ORDER BY u.recipient_id;
