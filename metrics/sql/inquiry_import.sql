-- query:  inquiry_import
-- asks:   which units imported a notice's money late, empty or wrong, or not at all by the due day
-- grain:  one row per unit; indicator_no is the indicator that the clock scores, 0 where the notice has none
-- unit:   元; working days
-- params: none; reads clock (timeliness.sql) and deadline_indicator (indicator_no)
SELECT
    CASE
        WHEN c.clock_state = 'on_time_empty' THEN 'import_empty'
        WHEN c.clock_state = 'on_time_wrong' THEN 'import_wrong'
        ELSE 'import_late'
    END AS rule_key,
    c.recipient_id,
    COALESCE((SELECT MIN(d.indicator_no) FROM deadline_indicator AS d), 0) AS indicator_no,
    c.clock_state,
    c.due_on,
    c.done_on,
    c.late_days,
    c.imported_yuan,
    c.imported_marker,
    c.after_yuan,
    c.marker_text
FROM clock AS c
WHERE c.recipient_id <> 'region' AND c.clock_state IN ('overdue', 'late', 'on_time_empty', 'on_time_wrong');
