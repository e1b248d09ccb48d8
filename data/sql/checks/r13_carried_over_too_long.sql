-- check:    R13
-- title:    结转已满年限，应作结余
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked, asked, monitor_limit
-- source:   metrics.law.CARRYOVER_SOURCE, metrics.law.DRAW_DOWN_SOURCE; metrics.limits carryover_years
-- says:     这笔资金连续两年没有用完，请按结余资金办理，报同级财政部门收回统筹
-- fatal: the budget law says so. Money of 2021 is carried over at the end of 2021 and surplus from 2023 on.
SELECT
    u.recipient_id,
    '预算指标余额' AS subject_text,
    u.fiscal_year || ' 年资金剩余 '
    || wan_text(u.integrated_yuan - u.paid_yuan) AS stated_text,
    u.fiscal_year + l.carryover_years - 1 || ' 年底以前用完' AS expected_text,
    u.integrated_yuan - u.paid_yuan AS amount_yuan,
    u.integrated_count AS found_count,
    u.integrated_place_text AS place_text
FROM unit_docked AS u
CROSS JOIN asked AS t
CROSS JOIN monitor_limit AS l
WHERE
    u.integrated_yuan > u.paid_yuan
    AND u.paid_until_on IS NOT NULL
    AND EXTRACT(YEAR FROM LEAST(t.as_of_on, u.paid_until_on)) >= u.fiscal_year + l.carryover_years
ORDER BY u.recipient_id;
