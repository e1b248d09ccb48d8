-- query:  miscounted_days
-- asks:   how many days of a region are not in the store as they were counted now
-- grain:  one row
-- unit:   days
-- params: $region_code; reads counted_day (the columns of working_day, lent)
SELECT COUNT(*) AS day_count
FROM counted_day AS c
FULL JOIN (SELECT * FROM working_day WHERE region_code = $region_code) AS w
    ON w.calendar_day = c.calendar_day
WHERE
    w.ordinal IS DISTINCT FROM c.ordinal
    OR w.is_working IS DISTINCT FROM c.is_working
    OR w.day_note IS DISTINCT FROM c.day_note;
