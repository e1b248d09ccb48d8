-- query:  working_days
-- asks:   which days are working days in a region, numbered
-- grain:  one row per day of the years whose arrangement is published
-- unit:   working days
-- params: $region_code ('' for the national calendar)
SELECT
    calendar_day,
    ordinal,
    next_ordinal,
    is_working,
    day_note
FROM working_day
WHERE region_code = $region_code;
