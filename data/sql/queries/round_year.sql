-- query:  round_year
-- asks:   to which fiscal year the money of a round belongs, and how much of that year has gone at its end
-- grain:  one row if the round is there
-- unit:   days; 0 before the year begins, the whole year after its end
-- params: $notice_key, $round_id
WITH dated AS (
    SELECT
        r.period_end_on,
        COALESCE(n.fiscal_year, YEAR(r.period_end_on)) AS fiscal_year
    FROM round AS r
    JOIN notice AS n ON n.notice_key = r.notice_key
    WHERE r.notice_key = $notice_key AND r.round_id = $round_id
)

SELECT
    period_end_on,
    fiscal_year,
    MAKE_DATE(fiscal_year, 12, 31) AS year_end_on,
    CASE
        WHEN YEAR(period_end_on) < fiscal_year THEN 0
        WHEN YEAR(period_end_on) > fiscal_year THEN DAYOFYEAR(MAKE_DATE(fiscal_year, 12, 31))
        ELSE DAYOFYEAR(period_end_on)
    END AS elapsed_days,
    DAYOFYEAR(MAKE_DATE(fiscal_year, 12, 31)) AS year_days
FROM dated;
