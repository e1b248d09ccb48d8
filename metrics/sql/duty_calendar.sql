-- query:  duty_calendar
-- asks:   which duties are still open, when is each due, and which is the working day before
-- grain:  one row per duty that is not done and whose day is known
-- unit:   days
-- params: none; reads duty (duty_clock.sql) and working_day (calendar_day, ordinal, is_working)
SELECT
    d.*,
    before.calendar_day AS remind_on
FROM duty AS d
LEFT JOIN working_day AS due ON due.calendar_day = d.due_on
LEFT JOIN working_day AS before
    ON before.is_working
    AND before.ordinal = CASE WHEN due.is_working THEN due.ordinal - 1 ELSE due.ordinal END
WHERE d.is_counted AND d.done_on IS NULL AND d.due_on IS NOT NULL;
