-- query:  notice_deadlines
-- asks:   which time limits a notice sets
-- grain:  one row per limit, in printed order
-- unit:   days
-- params: $notice_key
SELECT
    deadline_no,
    what_text,
    counted_from_text,
    printed_text,
    line_no,
    working_day_count,
    calendar_day_count,
    due_on
FROM notice_deadline
WHERE notice_key = $notice_key
ORDER BY deadline_no;
