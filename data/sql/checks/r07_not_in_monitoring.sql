-- check:    R07
-- title:    预算指标没有导入监控系统
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.COUNTY_IMPORT_SOURCE, metrics.law.SAME_DATA_SOURCE
-- says:     一体化系统已登录、监控系统没有或不足，请把差额导入直达资金监控系统
-- fatal: the notice orders the import. Where the unit says that it imported the money it is R15's; what is registered
-- beyond the notice is R02's; what was registered after the monitoring export is not awaited yet.
SELECT
    recipient_id,
    '监控系统预算指标合计' AS subject_text,
    monitoring_text AS stated_text,
    integrated_text AS expected_text,
    LEAST(awaited_yuan, after_yuan) - monitoring_yuan AS amount_yuan,
    integrated_count AS found_count,
    CASE WHEN monitoring_count > 0 THEN monitoring_place_text ELSE monitoring_file_text END AS place_text
FROM unit_docked
WHERE
    monitoring_yuan < LEAST(awaited_yuan, after_yuan)
    AND NOT COALESCE(imported_yuan > monitoring_yuan AND imported_on <= monitoring_until_on, FALSE)
ORDER BY recipient_id;
