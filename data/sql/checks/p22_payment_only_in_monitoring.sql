-- check:    P22
-- title:    监控系统的支付多于一体化系统
-- severity: warning
-- grain:    one row per recipient and month; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, unit_export, monitor_limit
-- source:   metrics.law.SAME_DATA_SOURCE
-- says:     监控系统里的支付比一体化系统多，请查明多导入或金额录错的是哪一笔并更正
-- warning: nothing is paid from the monitoring system. Only months that the integrated export speaks of whole.
WITH month_sum AS (
    SELECT
        p.recipient_id,
        DATE_TRUNC('month', p.paid_on) AS month_on,
        COALESCE(SUM(p.amount_yuan) FILTER (WHERE p.system_name = 'monitoring'), 0) AS own_yuan,
        COALESCE(SUM(p.amount_yuan) FILTER (WHERE p.system_name = 'integrated'), 0) AS other_yuan
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
        ON o.system_name = 'integrated' AND o.recipient_id = p.recipient_id
        AND o.payment_key = p.payment_key AND o.amount_yuan = p.amount_yuan
    WHERE p.system_name = 'monitoring' AND o.payment_key IS NULL
    GROUP BY p.recipient_id, DATE_TRUNC('month', p.paid_on)
)

SELECT
    m.recipient_id,
    STRFTIME(m.month_on, '%Y年%-m月') || '支付合计' AS subject_text,
    '监控系统 ' || RTRIM(RTRIM(CAST(m.own_yuan * 0.0001 AS TEXT), '0'), '.') || ' 万元' AS stated_text,
    '一体化系统 ' || RTRIM(RTRIM(CAST(m.other_yuan * 0.0001 AS TEXT), '0'), '.') || ' 万元' AS expected_text,
    m.own_yuan - m.other_yuan AS amount_yuan,
    COALESCE(n.found_count, 0) AS found_count,
    COALESCE(n.place_text, e.file_text) AS place_text
FROM month_sum AS m
JOIN unit_export AS e
    ON e.recipient_id = m.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'payment'
LEFT JOIN lone AS n ON n.recipient_id = m.recipient_id AND n.month_on = m.month_on
WHERE m.own_yuan > m.other_yuan AND LAST_DAY(m.month_on) <= e.until_on
ORDER BY m.recipient_id, m.month_on;
