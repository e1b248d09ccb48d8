-- check:    R19
-- title:    分配到追加间隔较长
-- severity: note
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads asked, counted_allotment, monitor_limit, notice_fact, unit_export
-- source:   metrics.law.COUNTY_IMPORT_SOURCE, metrics.law.OWN_SETTING_SOURCE; metrics.limits append_days
-- says:     文件成文到单位登录追加指标的间隔超过提示天数，请核对登录日期和收文日期，确实间隔较长的可以写明原因
-- note: the paper only says 及时 and counts from its receipt, which is R06; this counts from the paper's day, so that time
-- on the way is seen, too. Money moved between accounts adds up to nothing.
WITH appended AS (
    SELECT
        a.recipient_id,
        a.export_no,
        a.line_no,
        a.place_text,
        a.amount_yuan,
        a.registered_on,
        n.dated_on,
        l.append_days
    FROM counted_allotment AS a
    JOIN unit_export AS e
        ON e.recipient_id = a.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'allotment'
    CROSS JOIN asked AS t
    CROSS JOIN notice_fact AS n
    CROSS JOIN monitor_limit AS l
    WHERE a.system_name = 'integrated' AND a.document_number = t.document_number
)

SELECT
    recipient_id,
    '分配到追加的天数' AS subject_text,
    STRFTIME(MAX(registered_on), '%Y-%m-%d 登录，') || (MAX(registered_on) - dated_on) || ' 天' AS stated_text,
    append_days || ' 天以内' || STRFTIME(dated_on, '（%Y-%m-%d 成文）') AS expected_text,
    SUM(amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(place_text, (export_no, line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM appended
WHERE registered_on - dated_on > append_days
GROUP BY recipient_id, dated_on, append_days
HAVING SUM(amount_yuan) <> 0
ORDER BY recipient_id;
