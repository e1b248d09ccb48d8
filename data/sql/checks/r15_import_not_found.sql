-- check:    R15
-- title:    记了已导入，监控系统里没有
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.COUNTY_IMPORT_SOURCE, metrics.law.SAME_DATA_SOURCE
-- says:     单位记录已导入的金额在监控系统的导出里查不到，请核实后补导，并更正办理记录
-- fatal: the timeliness that is scored rests on this record.
SELECT
    recipient_id,
    '导入监控系统的金额' AS subject_text,
    '监控系统 ' || monitoring_text AS stated_text,
    '单位记录 ' || imported_text || STRFTIME(imported_on, '（%Y-%m-%d）') AS expected_text,
    imported_yuan - monitoring_yuan AS amount_yuan,
    1 AS found_count,
    CASE WHEN monitoring_count > 0 THEN monitoring_place_text ELSE monitoring_file_text END AS place_text
FROM unit_docked
WHERE imported_yuan > monitoring_yuan AND imported_on <= monitoring_until_on
ORDER BY recipient_id;
