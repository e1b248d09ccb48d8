-- check:    R02
-- title:    登录的预算指标多于通知
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.COUNTY_IMPORT_SOURCE, metrics.law.SAME_DATA_SOURCE
-- says:     一体化系统里登录的预算指标多于通知下达的金额，请核对是否重复登录或漏登调减，确实多登的冲销
-- fatal: money that nobody handed down could be paid.
SELECT
    recipient_id,
    '一体化系统预算指标合计' AS subject_text,
    integrated_text AS stated_text,
    after_text AS expected_text,
    integrated_yuan - after_yuan AS amount_yuan,
    integrated_count AS found_count,
    integrated_place_text AS place_text
FROM unit_docked
WHERE integrated_count > 0 AND integrated_yuan > after_yuan
ORDER BY recipient_id;
