-- check:    R18
-- title:    登记到分配间隔较长
-- severity: note
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads asked, counted_allotment, monitor_limit, notice_fact, region_step, unit_export
-- source:   metrics.law.OWN_SETTING_SOURCE; metrics.limits allocate_days
-- says:     州本级登录上级指标到分配给这个单位的间隔超过提示天数，请核对两个日期，确实间隔较长的可以写明原因
-- note: no rule sets the days; it is the stage warning of monitoring systems, for reference. A row without 发文时间 is
-- taken to be of the paper's day; money moved between accounts adds up to nothing.
WITH allocated AS (
    SELECT
        a.recipient_id,
        a.export_no,
        a.line_no,
        a.place_text,
        a.amount_yuan,
        COALESCE(a.dated_on, n.dated_on) AS allocated_on,
        r.happened_on AS registered_on,
        l.allocate_days
    FROM counted_allotment AS a
    JOIN unit_export AS e
        ON e.recipient_id = a.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'allotment'
    JOIN region_step AS r ON r.receipt_step = 'registered'
    CROSS JOIN asked AS t
    CROSS JOIN notice_fact AS n
    CROSS JOIN monitor_limit AS l
    WHERE a.system_name = 'integrated' AND a.document_number = t.document_number
)

SELECT
    recipient_id,
    '登记到分配的天数' AS subject_text,
    STRFTIME(MAX(allocated_on), '%Y-%m-%d 分配，') || (MAX(allocated_on) - registered_on) || ' 天' AS stated_text,
    allocate_days || ' 天以内' || STRFTIME(registered_on, '（%Y-%m-%d 登记）') AS expected_text,
    SUM(amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(place_text, (export_no, line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM allocated
WHERE allocated_on - registered_on > allocate_days
GROUP BY recipient_id, registered_on, allocate_days
HAVING SUM(amount_yuan) <> 0
ORDER BY recipient_id;
