-- query:  money_by_month
-- asks:   how much each unit paid in each month and up to its end, against the share of the year gone
-- grain:  one row per recipient with payments docked and month, and one in all per month with an empty recipient_id
-- unit:   元; days; shares are ratios for showing
-- params: none; reads money_step, money_payment, money_month, rate_limit
-- rule:   cumulative = all net payments up to the end of the month, those of earlier years too
-- empty:  the share of what was handed down is NULL where nothing was handed down, or where it is over 100 % and
--         nobody has said why of that much
WITH unit AS (
    SELECT
        m.recipient_id,
        m.recipient_name,
        m.recipient_short_name,
        m.display_no,
        m.allocated_yuan,
        x.limit_yuan
    FROM money_step AS m
    LEFT JOIN rate_limit AS x ON x.recipient_id = m.recipient_id
    WHERE m.paid_yuan IS NOT NULL
),

monthly AS (
    SELECT
        u.recipient_id,
        d.month_on,
        d.end_on,
        d.elapsed_days,
        d.year_days,
        SUM(CASE WHEN p.paid_on >= d.month_on THEN p.amount_yuan ELSE 0 END) AS paid_yuan,
        COALESCE(SUM(p.amount_yuan), 0) AS cumulative_yuan
    FROM unit AS u
    CROSS JOIN money_month AS d
    LEFT JOIN (
        SELECT
            recipient_id,
            paid_on,
            SUM(amount_yuan) AS amount_yuan
        FROM money_payment
        GROUP BY recipient_id, paid_on
    ) AS p ON p.recipient_id = u.recipient_id AND p.paid_on <= d.end_on
    GROUP BY u.recipient_id, d.month_on, d.end_on, d.elapsed_days, d.year_days
),

together AS (
    SELECT
        u.recipient_id,
        u.recipient_name,
        u.recipient_short_name,
        u.display_no,
        u.allocated_yuan,
        CASE WHEN m.cumulative_yuan > u.limit_yuan THEN 0 ELSE 1 END AS is_explained,
        m.month_on,
        m.end_on,
        m.elapsed_days,
        m.year_days,
        m.paid_yuan,
        m.cumulative_yuan
    FROM unit AS u
    JOIN monthly AS m ON m.recipient_id = u.recipient_id
    UNION ALL
    SELECT
        '' AS recipient_id,
        '合计' AS recipient_name,
        '合计' AS recipient_short_name,
        2147483647 AS display_no,
        SUM(u.allocated_yuan) AS allocated_yuan,
        MIN(CASE WHEN m.cumulative_yuan > u.limit_yuan THEN 0 ELSE 1 END) AS is_explained,
        m.month_on,
        m.end_on,
        m.elapsed_days,
        m.year_days,
        SUM(m.paid_yuan) AS paid_yuan,
        SUM(m.cumulative_yuan) AS cumulative_yuan
    FROM unit AS u
    JOIN monthly AS m ON m.recipient_id = u.recipient_id
    GROUP BY m.month_on, m.end_on, m.elapsed_days, m.year_days
)

SELECT
    t.*,
    CASE
        WHEN t.allocated_yuan > 0 AND (t.cumulative_yuan <= t.allocated_yuan OR t.is_explained = 1)
            THEN CAST(t.cumulative_yuan AS DOUBLE) / CAST(t.allocated_yuan AS DOUBLE)
    END AS cumulative_share,
    CAST(t.elapsed_days AS DOUBLE) / t.year_days AS elapsed_share
FROM together AS t
ORDER BY t.display_no, t.month_on;
