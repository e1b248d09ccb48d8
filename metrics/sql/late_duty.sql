-- query:  late_duty
-- asks:   which duties are late, or were done in time but empty or wrong, and what is missing in them
-- grain:  one row per duty that is or was late, the gravest and the longest first
-- unit:   short_yuan in 元, positive where money is missing; days as duty_clock counts them
-- params: none; reads duty (duty_clock.sql over the duties of one notice or of all)
SELECT
    d.*,
    CASE
        WHEN d.done_on IS NULL AND d.last_done_on IS NOT NULL AND d.step IN ('registered', 'imported')
            THEN d.after_yuan - COALESCE(d.given_yuan, 0)
    END AS short_yuan,
    CASE
        WHEN d.done_on IS NOT NULL OR d.last_done_on IS NULL OR d.step NOT IN ('marked', 'imported') THEN ''
        WHEN d.given_marker = d.marker_text THEN ''
        WHEN COALESCE(d.given_marker, '') = '' THEN 'missing'
        ELSE 'different'
    END AS marker_fault,
    CASE d.duty_state
        WHEN 'overdue' THEN 1
        WHEN 'on_time_empty' THEN 2
        WHEN 'on_time_wrong' THEN 3
        ELSE 4
    END AS late_rank
FROM duty AS d
WHERE
    d.is_counted
    AND d.duty_state IN ('overdue', 'on_time_empty', 'on_time_wrong', 'late');
