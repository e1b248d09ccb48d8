-- check:    R14
-- title:    资金闲置
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads money_balance, unit_docked, monitor_limit
-- source:   metrics.law.IDLE_MONEY_SOURCE; metrics.limits idle_days
-- says:     登录或最近一次支付以后剩下的钱一直没有支付，请说明原因，列出用款计划
-- warning: the days are another county's practice, set here. Money past the years of carry-over is R13's.
SELECT
    b.recipient_id,
    '预算指标余额' AS subject_text,
    '剩余 ' || wan_text(SUM(b.balance_yuan)) || '，最长 '
    || MAX(b.idle_days) || ' 天没有支付' AS stated_text,
    '不超过 ' || l.idle_days || ' 天' AS expected_text,
    SUM(b.balance_yuan) AS amount_yuan,
    1 AS found_count,
    MIN(COALESCE(u.paid_place_text, u.integrated_place_text)) AS place_text
FROM money_balance AS b
JOIN unit_docked AS u ON u.recipient_id = b.recipient_id
CROSS JOIN monitor_limit AS l
WHERE b.is_idle = 1 AND b.age_state <> 'surplus' AND u.paid_until_on IS NOT NULL
GROUP BY b.recipient_id, l.idle_days
ORDER BY b.recipient_id;
