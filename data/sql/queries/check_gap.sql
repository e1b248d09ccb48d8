-- query:  check_gap
-- asks:   of which units the exports that hold leave out days that some checks need
-- grain:  one row per need_name (metrics.check_inputs), recipient, system and kind of record
-- unit:   none
-- params: none; reads export_cover, notice_fact, reported_paid, counted_payment, monitor_limit, asked
-- rule:   every_day: from the first day of the notice's money to the last day told, without a gap. round_end: from
--         there to the end of each round with a report. month_due, month_end: each month in which the one system has
--         payments, whole in the other and, past the day to import or its own end, told as far as that day.
WITH run AS (
    SELECT
        c.recipient_id,
        c.system_name,
        MAX(CASE WHEN n.money_from_on BETWEEN c.from_on AND c.until_on THEN c.until_on END) AS whole_until_on,
        MAX(c.until_on) AS until_on
    FROM export_cover AS c
    CROSS JOIN notice_fact AS n
    WHERE c.record_kind = 'payment'
    GROUP BY c.recipient_id, c.system_name
),

month_paid AS (
    SELECT DISTINCT system_name, recipient_id, DATE_TRUNC('month', paid_on) AS month_on
    FROM counted_payment
),

month_asked AS (
    SELECT
        CASE WHEN m.system_name = 'integrated' THEN 'month_due' ELSE 'month_end' END AS need_name,
        m.recipient_id,
        CASE WHEN m.system_name = 'integrated' THEN 'monitoring' ELSE 'integrated' END AS system_name,
        m.month_on,
        CASE
            WHEN m.system_name = 'integrated'
                THEN CAST(m.month_on + INTERVAL 1 MONTH + INTERVAL (l.hook_day) DAY AS DATE)
            ELSE LAST_DAY(m.month_on)
        END AS needed_on
    FROM month_paid AS m
    CROSS JOIN monitor_limit AS l
)

SELECT 'every_day' AS need_name, recipient_id, system_name, 'payment' AS record_kind
FROM run
WHERE whole_until_on IS NULL OR whole_until_on < until_on
UNION
SELECT 'round_end', recipient_id, 'integrated', 'payment'
FROM reported_paid
WHERE docked_yuan IS NULL
UNION
SELECT m.need_name, m.recipient_id, m.system_name, 'payment'
FROM month_asked AS m
CROSS JOIN asked AS t
LEFT JOIN export_cover AS e
    ON e.recipient_id = m.recipient_id AND e.system_name = m.system_name AND e.record_kind = 'payment'
    AND e.from_on <= m.month_on AND e.until_on >= m.needed_on
WHERE m.needed_on < t.as_of_on AND e.recipient_id IS NULL;
