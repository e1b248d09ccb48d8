-- query:  inquiry_step_days
-- asks:   on which day each step of each 问效单 was taken, and which due day it set
-- grain:  one row per step taken by a moment
-- unit:   none
-- params: $inquiry_no (one inquiry; 0 for all), $as_of
-- empty:  due_on where the step sets none
SELECT
    inquiry_no,
    step_no,
    inquiry_step,
    happened_at,
    clock_day(happened_at) AS done_on,
    due_on
FROM inquiry_event
WHERE happened_at <= $as_of AND $inquiry_no IN (0, inquiry_no);
