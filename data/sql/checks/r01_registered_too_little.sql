-- check:    R01
-- title:    登录的预算指标少于通知
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.COUNTY_IMPORT_SOURCE, metrics.law.SAME_DATA_SOURCE
-- says:     一体化系统里登录的预算指标少于通知下达的金额，请按通知补登差额，或说明哪一笔登录在别的文号下
-- fatal: the notice orders all of it to be registered. A unit without any row is R05's.
SELECT
    recipient_id,
    '一体化系统预算指标合计' AS subject_text,
    integrated_text AS stated_text,
    after_text AS expected_text,
    after_yuan - integrated_yuan AS amount_yuan,
    integrated_count AS found_count,
    integrated_place_text AS place_text
FROM unit_docked
WHERE integrated_count > 0 AND integrated_yuan < after_yuan
ORDER BY recipient_id;
