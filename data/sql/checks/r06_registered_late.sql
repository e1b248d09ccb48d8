-- check:    R06
-- title:    预算指标登录晚于期限
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads counted_allotment, unit_docked
-- source:   metrics.law.COUNTY_IMPORT_SOURCE; metrics.limits register_days
-- says:     收文后超过期限才登录预算指标，请写明原因
-- warning: the paper only says 及时; the number of days is this bureau's own. A later transfer between accounts adds
-- up to nothing and is not late; a unit that registered too much is R02's.
WITH late AS (
    SELECT
        a.recipient_id,
        MAX(a.registered_on) AS last_on,
        SUM(a.amount_yuan) AS amount_yuan,
        COUNT(*) AS found_count,
        MIN_BY(a.place_text, (a.export_no, a.line_no)) AS place_text
    FROM counted_allotment AS a
    JOIN unit_docked AS u ON u.recipient_id = a.recipient_id
    WHERE a.system_name = 'integrated' AND a.registered_on > u.due_on
    GROUP BY a.recipient_id
)

SELECT
    u.recipient_id,
    '预算指标登录日期' AS subject_text,
    STRFTIME(l.last_on, '%Y-%m-%d') AS stated_text,
    STRFTIME(u.due_on, '%Y-%m-%d 及以前') || STRFTIME(u.received_on, '（%Y-%m-%d 收文）') AS expected_text,
    l.amount_yuan,
    l.found_count,
    l.place_text || CASE WHEN l.found_count > 1 THEN '等 ' || l.found_count || ' 行' ELSE '' END AS place_text
FROM late AS l
JOIN unit_docked AS u ON u.recipient_id = l.recipient_id
WHERE l.amount_yuan <> 0 AND u.integrated_yuan <= u.after_yuan
ORDER BY u.recipient_id;
