-- write:  keep_working_days
-- does:   keeps the days of a region as counted; those counted before must be out
-- grain:  one row per day
-- unit:   working days
-- params: $region_code; reads counted_day (the columns of working_day, lent)
INSERT INTO working_day
SELECT
    $region_code,
    calendar_day,
    ordinal,
    next_ordinal,
    is_working,
    day_note
FROM counted_day
ORDER BY calendar_day;
