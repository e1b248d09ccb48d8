-- query:  unit_standing
-- asks:   what each unit of a notice got, paid and scored in a round, as known at a moment
-- grain:  one row per recipient of the notice
-- unit:   元; micro-points
-- params: $notice_key, $round_id, $as_of; reads unit_points (unit_points.sql over reviewed_score)
WITH money AS (
    SELECT
        recipient_id,
        SUM(after_yuan) AS after_yuan
    FROM allocation_line
    WHERE notice_key = $notice_key
    GROUP BY recipient_id
),

newest_report AS (
    SELECT
        recipient_id,
        paid_yuan,
        submitted_at
    FROM report
    WHERE notice_key = $notice_key AND round_id = $round_id AND submitted_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY recipient_id ORDER BY report_version DESC) = 1
),

year_of_notice AS (
    SELECT COALESCE(n.fiscal_year, YEAR(r.period_end_on)) AS fiscal_year
    FROM notice AS n
    JOIN round AS r ON r.notice_key = n.notice_key AND r.round_id = $round_id
    WHERE n.notice_key = $notice_key
)

SELECT
    r.document_number,
    r.round_id,
    m.recipient_id,
    r.rule_version,
    MONTH(r.period_end_on) AS period_month,
    -- The last month of the money's year that has passed whole by the end of the period; 0 for none.
    CASE
        WHEN YEAR(r.period_end_on) < n.fiscal_year THEN 0
        WHEN YEAR(r.period_end_on) > n.fiscal_year THEN 12
        WHEN r.period_end_on = LAST_DAY(r.period_end_on) THEN MONTH(r.period_end_on)
        ELSE MONTH(r.period_end_on) - 1
    END AS passed_month,
    p.recipient_id IS NOT NULL AS is_reported,
    p.submitted_at,
    m.after_yuan,
    p.paid_yuan,
    -- The money is of one fiscal year: after its end the whole year has gone, before it none of it.
    CASE
        WHEN YEAR(r.period_end_on) < n.fiscal_year THEN 0
        WHEN YEAR(r.period_end_on) > n.fiscal_year THEN DAYOFYEAR(MAKE_DATE(n.fiscal_year, 12, 31))
        ELSE DAYOFYEAR(r.period_end_on)
    END AS elapsed_days,
    DAYOFYEAR(MAKE_DATE(n.fiscal_year, 12, 31)) AS year_days,
    CAST(COALESCE(e.score_micro, 0) AS BIGINT) AS score_micro,
    CAST(COALESCE(e.scored_weight_micro, 0) AS BIGINT) AS scored_weight_micro,
    CAST(COALESCE(e.weight_micro, 0) AS BIGINT) AS weight_micro
FROM money AS m
JOIN round AS r ON r.notice_key = $notice_key AND r.round_id = $round_id
CROSS JOIN year_of_notice AS n
LEFT JOIN newest_report AS p ON p.recipient_id = m.recipient_id
LEFT JOIN unit_points AS e ON e.recipient_id = m.recipient_id;
