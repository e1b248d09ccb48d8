-- check:    R08
-- title:    监控系统的预算指标多于一体化系统和通知
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.SAME_DATA_SOURCE
-- says:     监控系统里的预算指标比一体化系统和通知都多，请查明是多导入还是漏导调减，并在监控系统更正
-- warning: nothing is paid from the monitoring system. What the integrated system lacks of the notice is R01's, R05's.
SELECT
    recipient_id,
    '监控系统预算指标合计' AS subject_text,
    monitoring_text AS stated_text,
    CASE WHEN integrated_yuan > after_yuan THEN integrated_text ELSE after_text END AS expected_text,
    monitoring_yuan - GREATEST(integrated_yuan, after_yuan) AS amount_yuan,
    monitoring_count AS found_count,
    monitoring_place_text AS place_text
FROM unit_docked
WHERE monitoring_count > 0 AND monitoring_yuan > integrated_yuan AND monitoring_yuan > after_yuan
ORDER BY recipient_id;
