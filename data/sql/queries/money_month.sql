-- query:  money_month
-- asks:   which months the course of the payments is told in: from January of the money's year to the day asked
--         about, but not past that year's end unless something was paid later
-- grain:  one row per month
-- unit:   days
-- params: none; reads money_year, money_payment
WITH span AS (
    SELECT
        y.*,
        MAKE_DATE(y.fiscal_year, 1, 1) AS from_on,
        CASE
            WHEN y.as_of_year <= y.fiscal_year THEN y.as_of_on
            WHEN COALESCE(p.last_paid_on, MAKE_DATE(1, 1, 1)) > MAKE_DATE(y.fiscal_year, 12, 31) THEN p.last_paid_on
            ELSE MAKE_DATE(y.fiscal_year, 12, 31)
        END AS to_on
    FROM money_year AS y
    CROSS JOIN (SELECT MAX(paid_on) AS last_paid_on FROM money_payment) AS p
),

listed AS (
    SELECT
        s.*,
        CAST(UNNEST(GENERATE_SERIES(s.from_on, s.to_on, INTERVAL 1 MONTH)) AS DATE) AS month_on
    FROM span AS s
),

ended AS (
    SELECT
        l.*,
        CASE WHEN LAST_DAY(l.month_on) > l.as_of_on THEN l.as_of_on ELSE LAST_DAY(l.month_on) END AS end_on
    FROM listed AS l
)

SELECT
    month_on,
    end_on,
    from_on,
    CASE WHEN YEAR(end_on) > fiscal_year THEN year_days ELSE DAYOFYEAR(end_on) END AS elapsed_days,
    year_days
FROM ended;
