-- query:  own_working_days
-- asks:   which days are working days in the workspace's own region, numbered
-- grain:  one row per day of the years whose arrangement is published
-- unit:   working days
-- params: none
SELECT
    calendar_day,
    ordinal,
    next_ordinal,
    is_working
FROM working_day
WHERE region_code = COALESCE(
    (
        SELECT setting_value
        FROM workspace_setting
        WHERE setting_key = 'region_code'
    ),
    ''
);
