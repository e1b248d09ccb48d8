-- write:  remove_regional_day
-- does:   lets a day of a region hold no longer; the row stays, with who removed it, when and why
-- grain:  one row
-- unit:   none
-- params: $region_code, $calendar_day, $removed_at, $removed_by, $removal_reason
UPDATE regional_day
SET
    removed_at = $removed_at,
    removed_by = $removed_by,
    removal_reason = $removal_reason
WHERE
    region_code = $region_code
    AND calendar_day = $calendar_day
    AND removed_at IS NULL;
