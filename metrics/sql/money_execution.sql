-- query:  money_execution
-- asks:   how much of what was handed down each unit has paid, is it behind the calendar, and what does it report
-- grain:  one row per recipient of the notice, and one in all with an empty recipient_id, last
-- unit:   元; days; rate, elapsed share and what it is ahead by are ratios for showing: the state is judged on decimals
-- params: none; reads money_step, money_year, money_payment, reported_money, newest_rate_reason, rate_limit
-- rule:   rate = paid / allocated; ahead by = rate - elapsed days / days of the year. A rate over 100 % is not given
--         before somebody has said why, and above the amount up to which that holds; in all, only if it is said of
--         every unit over 100 %.
--         The report is compared with what was paid up to the end of its own period.
-- empty:  rate is NULL where nothing is docked, nothing was handed down, or more was paid and nobody has said why;
--         the sums in all are over the units with payments, the reported ones over the units that reported
WITH newest_report AS (
    SELECT
        r.*,
        ROW_NUMBER() OVER (PARTITION BY r.recipient_id ORDER BY r.period_end_on DESC, r.submitted_at DESC) AS place
    FROM reported_money AS r
),

paid_then AS (
    SELECT
        n.recipient_id,
        SUM(p.amount_yuan) AS amount_yuan
    FROM newest_report AS n
    JOIN money_payment AS p ON p.recipient_id = n.recipient_id AND p.paid_on <= n.period_end_on
    WHERE n.place = 1
    GROUP BY n.recipient_id
),

unit AS (
    SELECT
        m.recipient_id,
        m.recipient_name,
        m.recipient_short_name,
        m.display_no,
        m.allocated_yuan,
        m.paid_yuan,
        COALESCE(e.reason_text, '') AS reason_text,
        COALESCE(e.entered_by, '') AS reason_by,
        e.explained_yuan,
        COALESCE(n.round_name, '') AS round_name,
        n.period_end_on,
        n.paid_yuan AS reported_yuan,
        CASE
            WHEN m.paid_yuan IS NOT NULL AND n.recipient_id IS NOT NULL THEN COALESCE(t.amount_yuan, 0)
        END AS paid_then_yuan,
        CASE WHEN m.paid_yuan > x.limit_yuan THEN 1 ELSE 0 END AS unexplained_count,
        1 AS unit_count,
        CASE WHEN m.paid_yuan IS NULL THEN 0 ELSE 1 END AS docked_count,
        CASE WHEN n.paid_yuan IS NULL THEN 0 ELSE 1 END AS reported_count
    FROM money_step AS m
    LEFT JOIN newest_report AS n ON n.recipient_id = m.recipient_id AND n.place = 1
    LEFT JOIN paid_then AS t ON t.recipient_id = m.recipient_id
    LEFT JOIN newest_rate_reason AS e ON e.recipient_id = m.recipient_id
    LEFT JOIN rate_limit AS x ON x.recipient_id = m.recipient_id
),

together AS (
    SELECT * FROM unit
    UNION ALL
    SELECT
        '' AS recipient_id,
        '合计' AS recipient_name,
        '合计' AS recipient_short_name,
        2147483647 AS display_no,
        SUM(CASE WHEN paid_yuan IS NOT NULL THEN allocated_yuan END) AS allocated_yuan,
        SUM(paid_yuan) AS paid_yuan,
        '' AS reason_text,
        '' AS reason_by,
        CAST(NULL AS DECIMAL(18, 2)) AS explained_yuan,
        '' AS round_name,
        CAST(NULL AS DATE) AS period_end_on,
        SUM(reported_yuan) AS reported_yuan,
        SUM(CASE WHEN reported_yuan IS NOT NULL THEN paid_then_yuan END) AS paid_then_yuan,
        SUM(unexplained_count) AS unexplained_count,
        COUNT(*) AS unit_count,
        SUM(docked_count) AS docked_count,
        SUM(reported_count) AS reported_count
    FROM unit
    HAVING COUNT(*) > 0
),

judged AS (
    SELECT
        t.*,
        y.elapsed_days,
        y.year_days,
        CASE
            WHEN t.paid_yuan IS NULL THEN 'not_docked'
            WHEN t.paid_yuan > t.allocated_yuan AND t.unexplained_count > 0 THEN 'over_unexplained'
            WHEN t.paid_yuan > t.allocated_yuan THEN 'over_explained'
            WHEN t.allocated_yuan = 0 THEN 'no_money'
            WHEN
                CAST(t.paid_yuan AS DECIMAL(24, 2)) * y.year_days
                >= CAST(t.allocated_yuan AS DECIMAL(24, 2)) * y.elapsed_days
                THEN 'on_schedule'
            ELSE 'behind'
        END AS execution_state
    FROM together AS t
    CROSS JOIN money_year AS y
),

rated AS (
    SELECT
        j.*,
        CASE
            WHEN j.execution_state IN ('on_schedule', 'behind', 'over_explained') AND j.allocated_yuan > 0
                THEN CAST(j.paid_yuan AS DOUBLE) / CAST(j.allocated_yuan AS DOUBLE)
        END AS execution_rate,
        CAST(j.elapsed_days AS DOUBLE) / j.year_days AS elapsed_share
    FROM judged AS j
)

SELECT
    r.*,
    r.execution_rate - r.elapsed_share AS ahead_share,
    r.reported_yuan - r.paid_then_yuan AS reported_difference_yuan
FROM rated AS r
ORDER BY r.display_no;
