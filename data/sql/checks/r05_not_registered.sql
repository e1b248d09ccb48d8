-- check:    R05
-- title:    没有登录预算指标
-- severity: fatal
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads unit_docked
-- source:   metrics.law.COUNTY_IMPORT_SOURCE; metrics.limits register_days
-- says:     一体化系统里没有这个单位的预算指标，请立即登录预算指标和直达资金标识
-- fatal: nothing can be paid lawfully. Only where the export was made after the last day of the limit, or where the
-- monitoring system already holds the money: before, the unit still has time.
SELECT
    recipient_id,
    '一体化系统预算指标' AS subject_text,
    '没有登录' AS stated_text,
    after_text
    || CASE WHEN due_on IS NULL THEN '' ELSE STRFTIME(due_on, '，%Y-%m-%d 及以前') END AS expected_text,
    after_yuan AS amount_yuan,
    1 AS found_count,
    integrated_file_text AS place_text
FROM unit_docked
WHERE
    after_yuan > 0
    AND integrated_until_on IS NOT NULL
    AND integrated_count = 0
    AND (COALESCE(integrated_until_on > due_on, FALSE) OR monitoring_count > 0)
ORDER BY recipient_id;
