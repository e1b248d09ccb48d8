-- check:    R13
-- title:    结转已满年限，应作结余
-- severity: fatal
-- grain:    one row per recipient and year of the money; no rows means pass
-- unit:     元
-- params:   none; reads money_balance, unit_docked, monitor_limit
-- source:   metrics.law.CARRYOVER_SOURCE, metrics.law.DRAW_DOWN_SOURCE; metrics.limits carryover_years
-- says:     这笔资金连续两年没有用完，请核对余额，属实的按结余资金办理，报同级财政部门收回统筹
-- fatal: the budget law says so. Money of 2021 is carried over at the end of 2021 and surplus from 2023 on.
SELECT
    b.recipient_id,
    '预算指标余额' AS subject_text,
    b.origin_year || ' 年资金剩余 '
    || wan_text(SUM(b.balance_yuan)) AS stated_text,
    b.origin_year + l.carryover_years - 1 || ' 年底以前用完' AS expected_text,
    SUM(b.balance_yuan) AS amount_yuan,
    MIN(u.integrated_count) AS found_count,
    MIN(u.integrated_place_text) AS place_text
FROM money_balance AS b
JOIN unit_docked AS u ON u.recipient_id = b.recipient_id
CROSS JOIN monitor_limit AS l
WHERE b.age_state = 'surplus' AND b.balance_yuan > 0 AND u.paid_until_on IS NOT NULL
GROUP BY b.recipient_id, b.origin_year, l.carryover_years
ORDER BY b.recipient_id, b.origin_year;
