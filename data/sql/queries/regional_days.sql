-- query:  regional_days
-- asks:   which days were ever entered as changed by a region, by whom, from where, and which were removed
-- grain:  one row per entry; of a day entered again after a removal there are several
-- unit:   none
-- params: none
SELECT
    region_code,
    calendar_day,
    is_working,
    holiday_name,
    source_text,
    trust,
    added_at,
    added_by,
    removed_at,
    removed_by,
    removal_reason
FROM regional_day
ORDER BY calendar_day, region_code, added_at;
