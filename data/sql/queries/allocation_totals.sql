-- query:  allocation_totals
-- asks:   what all units of a notice got together
-- grain:  one row
-- unit:   元; before and adjustment are empty where the notice does not adjust
-- params: $notice_key
SELECT
    COUNT(DISTINCT recipient_id) AS unit_count,
    SUM(before_yuan) AS before_yuan,
    SUM(adjustment_yuan) AS adjustment_yuan,
    SUM(after_yuan) AS after_yuan
FROM allocation_line
WHERE notice_key = $notice_key;
