-- check:    P21
-- title:    支付没有导入监控系统
-- severity: warning
-- grain:    one row per recipient and month; no rows means pass
-- unit:     元
-- params:   none; reads month_surplus, monitor_limit
-- source:   metrics.law.SAME_DATA_SOURCE, metrics.law.PAYMENT_HOOK_SOURCE; metrics.limits hook_day
-- says:     支付在次月期限以后仍没有导入监控系统或导入不足，请补导
-- warning: the day of the next month is a running product's practice, set here. Money counts, not keys: they may
-- differ.
SELECT
    m.recipient_id,
    m.subject_text,
    m.monitoring_text AS stated_text,
    m.integrated_text AS expected_text,
    m.amount_yuan,
    m.found_count,
    m.place_text
FROM month_surplus AS m
CROSS JOIN monitor_limit AS l
WHERE m.system_name = 'integrated' AND m.month_on + INTERVAL 1 MONTH + INTERVAL (l.hook_day) DAY <= m.other_until_on
ORDER BY m.recipient_id, m.month_on;
