-- query:  office_hours
-- asks:   when the office closes, from which day on, by which source, as entered by whom
-- grain:  one row per entry, the latest day first; of several for one day the newest first, which alone holds
-- unit:   none
-- params: none
SELECT
    hours_no,
    closes_from_on,
    closes_at,
    source_text,
    added_at,
    added_by
FROM office_hours
ORDER BY closes_from_on DESC, hours_no DESC;
