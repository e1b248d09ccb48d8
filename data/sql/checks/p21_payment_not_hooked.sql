-- check:    P21
-- title:    支付没有导入监控系统
-- severity: warning
-- grain:    one row per recipient and month; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, unit_export, monitor_limit
-- source:   metrics.law.SAME_DATA_SOURCE, metrics.law.PAYMENT_HOOK_SOURCE; metrics.limits hook_day
-- says:     支付在次月期限以后仍没有导入监控系统或导入不足，请补导
-- warning: the day of the next month is a running product's practice, set here. Money counts, not keys: they may
-- differ.
WITH month_sum AS (
    SELECT
        p.recipient_id,
        DATE_TRUNC('month', p.paid_on) AS month_on,
        COALESCE(SUM(p.amount_yuan) FILTER (WHERE p.system_name = 'integrated'), 0) AS own_yuan,
        COALESCE(SUM(p.amount_yuan) FILTER (WHERE p.system_name = 'monitoring'), 0) AS other_yuan
    FROM counted_payment AS p
    GROUP BY p.recipient_id, DATE_TRUNC('month', p.paid_on)
),

-- The payments that the other system does not hold with this amount: where to look first.
lone AS (
    SELECT
        p.recipient_id,
        DATE_TRUNC('month', p.paid_on) AS month_on,
        COUNT(*) AS found_count,
        MIN_BY(p.place_text, (p.export_no, p.line_no))
        || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
    FROM counted_payment AS p
    LEFT JOIN counted_payment AS o
        ON o.system_name = 'monitoring' AND o.recipient_id = p.recipient_id
        AND o.payment_key = p.payment_key AND o.amount_yuan = p.amount_yuan
    WHERE p.system_name = 'integrated' AND o.payment_key IS NULL
    GROUP BY p.recipient_id, DATE_TRUNC('month', p.paid_on)
)

SELECT
    m.recipient_id,
    STRFTIME(m.month_on, '%Y年%-m月') || '支付合计' AS subject_text,
    '监控系统 ' || RTRIM(RTRIM(CAST(m.other_yuan * 0.0001 AS TEXT), '0'), '.') || ' 万元' AS stated_text,
    '一体化系统 ' || RTRIM(RTRIM(CAST(m.own_yuan * 0.0001 AS TEXT), '0'), '.') || ' 万元' AS expected_text,
    m.own_yuan - m.other_yuan AS amount_yuan,
    COALESCE(n.found_count, 0) AS found_count,
    COALESCE(n.place_text, e.file_text) AS place_text
FROM month_sum AS m
JOIN unit_export AS e
    ON e.recipient_id = m.recipient_id AND e.system_name = 'monitoring' AND e.record_kind = 'payment'
LEFT JOIN lone AS n ON n.recipient_id = m.recipient_id AND n.month_on = m.month_on
CROSS JOIN monitor_limit AS l
WHERE m.own_yuan > m.other_yuan AND m.month_on + INTERVAL 1 MONTH + INTERVAL (l.hook_day) DAY <= e.until_on
ORDER BY m.recipient_id, m.month_on;
