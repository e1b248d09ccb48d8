-- query:  counted_regions
-- asks:   for which regions working days are counted, and up to which day
-- grain:  one row per region
-- unit:   none
-- params: none
SELECT
    region_code,
    MAX(calendar_day) AS last_day
FROM working_day
GROUP BY region_code
ORDER BY region_code;
