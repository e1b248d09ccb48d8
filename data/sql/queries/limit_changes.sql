-- query:  limit_changes
-- asks:   which limits of monitoring were set to what, from which day on, by whom and why
-- grain:  one row per setting of a limit, the last one entered first
-- unit:   that of the limit
-- params: none
SELECT
    limit_no,
    limit_key,
    set_value,
    effective_on,
    change_reason,
    entered_at,
    entered_by
FROM limit_value
ORDER BY limit_no DESC;
