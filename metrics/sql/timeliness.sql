-- query:  timeliness
-- asks:   did each unit import all its money and the marker within the working days allowed: the duty that scores
-- grain:  one row per unit and one 'region', if the notice sets a limit in working days
-- unit:   working days; the day of receipt is day 0 and the last day counts
-- params: none; reads duty (duty_clock.sql over the duties of one notice)
SELECT
    recipient_id,
    working_day_count AS allowed_days,
    counted_from_on AS received_on,
    due_on,
    done_on,
    taken_days,
    attempted_on AS imported_on,
    given_yuan AS imported_yuan,
    given_marker AS imported_marker,
    after_yuan,
    marker_text,
    as_of_on,
    duty_state AS clock_state,
    late_days,
    left_days
FROM duty
WHERE is_scored;
