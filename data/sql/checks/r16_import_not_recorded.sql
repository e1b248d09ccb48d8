-- check:    R16
-- title:    监控系统里已有，单位没有记录导入
-- severity: note
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.COUNTY_IMPORT_SOURCE
-- says:     监控系统里已有这笔资金，单位还没有记录导入日期和金额，请补录，否则按未导入计时
-- note: the money is where it should be; only the record is missing, and with it the clock's end. More or less of it
-- is R08's, R07's.
SELECT
    recipient_id,
    '导入监控系统的记录' AS subject_text,
    CASE
        WHEN imported_on IS NULL THEN '没有记录'
        ELSE '记录 ' || COALESCE(imported_text, '没有金额')
    END AS stated_text,
    '监控系统 ' || monitoring_text AS expected_text,
    monitoring_yuan - COALESCE(imported_yuan, 0) AS amount_yuan,
    monitoring_count AS found_count,
    monitoring_place_text AS place_text
FROM unit_docked
WHERE received_on IS NOT NULL AND monitoring_yuan = after_yuan AND COALESCE(imported_yuan, 0) < after_yuan
ORDER BY recipient_id;
