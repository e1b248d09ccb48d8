-- query:  money_year
-- asks:   to which fiscal year the notice's money belongs, and how much of that year has gone on the day asked about
-- grain:  one row if the notice is there
-- unit:   days; 0 before the year begins, the whole year after its end
-- params: none; reads asked
SELECT
    y.fiscal_year,
    y.as_of_on,
    y.as_of_year,
    CASE
        WHEN y.as_of_year < y.fiscal_year THEN 0
        WHEN y.as_of_year > y.fiscal_year THEN DAYOFYEAR(MAKE_DATE(y.fiscal_year, 12, 31))
        ELSE DAYOFYEAR(y.as_of_on)
    END AS elapsed_days,
    DAYOFYEAR(MAKE_DATE(y.fiscal_year, 12, 31)) AS year_days
FROM (
    SELECT
        COALESCE(n.fiscal_year, a.as_of_year) AS fiscal_year,
        a.as_of_on,
        a.as_of_year
    FROM notice AS n
    JOIN asked AS a ON a.document_number = n.document_number
) AS y;
