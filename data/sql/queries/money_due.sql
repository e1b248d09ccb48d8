-- query:  money_due
-- asks:   how much of the year's money should have been paid by the day asked about
-- grain:  one row if the notice is there
-- unit:   due_parts of due_whole: days of the year, or millionths; line_month is the month whose line it is
-- params: none; reads money_year
-- rule:   the share of the year gone; where the rule book in force on the day has lines by month, that of the newest
--         month that has passed, until the year is over
-- empty:  line_month is NULL where the calendar speaks
WITH version AS (
    SELECT v.rule_version
    FROM rule_version AS v
    JOIN money_year AS y ON v.effective_on <= y.as_of_on
    ORDER BY v.effective_on DESC, v.adopted_at DESC, LENGTH(v.rule_version) DESC, v.rule_version DESC
    LIMIT 1
),

line AS (
    SELECT
        CAST(RIGHT(r.rule_key, 2) AS INTEGER) AS line_month,
        r.value_micro
    FROM rule_value AS r
    JOIN version AS v ON v.rule_version = r.rule_version
    WHERE r.rule_key LIKE 'execution-milestone-%'
),

reached AS (
    SELECT
        l.line_month,
        l.value_micro
    FROM line AS l
    JOIN money_year AS y
        ON y.as_of_year = y.fiscal_year AND y.elapsed_days < y.year_days
        AND LAST_DAY(MAKE_DATE(y.fiscal_year, l.line_month, 1)) <= y.as_of_on
    ORDER BY l.line_month DESC
    LIMIT 1
)

SELECT
    COALESCE(r.value_micro, y.elapsed_days) AS due_parts,
    CASE WHEN r.value_micro IS NULL THEN y.year_days ELSE 1000000 END AS due_whole,
    r.line_month
FROM money_year AS y
LEFT JOIN reached AS r ON TRUE;
