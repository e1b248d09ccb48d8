-- query:  month_surplus
-- asks:   in which months one system holds more payments of a unit than the other, and until when the other tells
-- grain:  one row per recipient and month; system_name is the system that holds more
-- unit:   元; money counts, not keys, which may differ
-- params: none; reads counted_payment, export_cover
-- rule:   only months of which the other system's exports tell whole
WITH month_sum AS (
    SELECT
        recipient_id,
        DATE_TRUNC('month', paid_on) AS month_on,
        COALESCE(SUM(amount_yuan) FILTER (WHERE system_name = 'integrated'), 0) AS integrated_yuan,
        COALESCE(SUM(amount_yuan) FILTER (WHERE system_name = 'monitoring'), 0) AS monitoring_yuan
    FROM counted_payment
    GROUP BY recipient_id, DATE_TRUNC('month', paid_on)
),

-- The payments that the other system does not hold with this amount: where to look first.
lone AS (
    SELECT
        p.recipient_id,
        p.system_name,
        DATE_TRUNC('month', p.paid_on) AS month_on,
        COUNT(*) AS found_count,
        MIN_BY(p.place_text, (p.export_no, p.line_no))
        || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
    FROM counted_payment AS p
    LEFT JOIN counted_payment AS o
        ON o.system_name <> p.system_name AND o.recipient_id = p.recipient_id
        AND o.payment_key = p.payment_key AND o.amount_yuan = p.amount_yuan
    WHERE o.payment_key IS NULL
    GROUP BY p.recipient_id, p.system_name, DATE_TRUNC('month', p.paid_on)
),

surplus AS (
    SELECT
        m.*,
        CASE WHEN m.integrated_yuan > m.monitoring_yuan THEN 'integrated' ELSE 'monitoring' END AS system_name
    FROM month_sum AS m
    WHERE m.integrated_yuan <> m.monitoring_yuan
)

SELECT
    m.recipient_id,
    m.system_name,
    m.month_on,
    STRFTIME(m.month_on, '%Y年%-m月') || '支付合计' AS subject_text,
    '一体化系统 ' || wan_text(m.integrated_yuan) AS integrated_text,
    '监控系统 ' || wan_text(m.monitoring_yuan) AS monitoring_text,
    ABS(m.integrated_yuan - m.monitoring_yuan) AS amount_yuan,
    COALESCE(n.found_count, 0) AS found_count,
    COALESCE(n.place_text, e.file_text) AS place_text,
    e.until_on AS other_until_on
FROM surplus AS m
JOIN export_cover AS e
    ON e.recipient_id = m.recipient_id AND e.system_name <> m.system_name AND e.record_kind = 'payment'
    AND e.from_on <= m.month_on AND e.until_on >= LAST_DAY(m.month_on)
LEFT JOIN lone AS n
    ON n.recipient_id = m.recipient_id AND n.system_name = m.system_name AND n.month_on = m.month_on;
