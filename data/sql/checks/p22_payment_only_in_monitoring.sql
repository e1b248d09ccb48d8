-- check:    P22
-- title:    监控系统的支付多于一体化系统
-- severity: warning
-- grain:    one row per recipient and month; no rows means pass
-- unit:     元
-- params:   none; reads month_surplus
-- source:   metrics.law.SAME_DATA_SOURCE
-- says:     监控系统里的支付比一体化系统多，请查明多导入或金额录错的是哪一笔并更正
-- warning: nothing is paid from the monitoring system.
SELECT
    m.recipient_id,
    m.subject_text,
    m.monitoring_text AS stated_text,
    m.integrated_text AS expected_text,
    m.amount_yuan,
    m.found_count,
    m.place_text
FROM month_surplus AS m
WHERE m.system_name = 'monitoring'
ORDER BY m.recipient_id, m.month_on;
