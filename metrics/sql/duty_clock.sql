-- query:  duty_clock
-- asks:   when was each duty due, was it done in time, by how many days not, how many are left
-- grain:  one row per row of duty_input
-- unit:   working days for a limit in working days, else calendar days; the day from which a limit is counted is
--         day 0, and the last day counts
-- params: none; reads duty_input and working_day (calendar_day, ordinal, next_ordinal, is_working), where ordinal
--         counts the working days up to a day and next_ordinal is that of the first working day on or after it
-- rule:   a limit in calendar days that ends on a rest day ends on the next working day; a day that is printed, or
--         set for a round, stands as it is. Where the days are not in working_day, no last day is guessed: due_on is
--         empty; where today is not in it, what is overdue in working days has no late_days
WITH counted AS (
    SELECT
        i.*,
        origin.ordinal AS origin_ordinal,
        COALESCE(i.fixed_due_on, due.calendar_day) AS due_on,
        due.ordinal AS due_ordinal,
        whole.next_ordinal AS done_ordinal,
        today.ordinal AS as_of_ordinal,
        today.next_ordinal AS as_of_next_ordinal,
        i.fixed_due_on IS NULL AND i.working_day_count IS NOT NULL AS is_in_working_days
    FROM duty_input AS i
    LEFT JOIN working_day AS origin ON origin.calendar_day = i.counted_from_on
    LEFT JOIN working_day AS last_day
        ON last_day.calendar_day = i.counted_from_on + CAST(i.calendar_day_count AS INTEGER)
    LEFT JOIN working_day AS due
        ON due.is_working
        AND due.ordinal = CASE
            WHEN i.working_day_count IS NOT NULL THEN origin.ordinal + i.working_day_count
            ELSE last_day.next_ordinal
        END
    LEFT JOIN working_day AS whole ON whole.calendar_day = i.done_on
    LEFT JOIN working_day AS today ON today.calendar_day = i.as_of_on
)

SELECT
    *,
    -- A rest day counts as the next working day, for what is done on it and for what is late by it.
    CASE WHEN is_in_working_days AND done_on IS NOT NULL THEN done_ordinal - origin_ordinal END AS taken_days,
    CASE
        WHEN due_on IS NOT NULL AND done_on <= due_on THEN 'on_time'
        WHEN due_on IS NOT NULL AND done_on > due_on THEN 'late'
        WHEN due_on IS NULL AND COALESCE(working_day_count, calendar_day_count) IS NULL THEN 'no_day'
        WHEN due_on IS NULL AND counted_from_on IS NULL THEN 'no_receipt'
        WHEN due_on IS NULL THEN 'not_published'
        WHEN as_of_on <= due_on THEN 'not_due'
        WHEN attempted_on IS NULL OR attempted_on > due_on THEN 'overdue'
        WHEN is_empty THEN 'on_time_empty'
        ELSE 'on_time_wrong'
    END AS duty_state,
    CASE
        WHEN due_on IS NULL THEN NULL
        WHEN done_on > due_on AND is_in_working_days THEN done_ordinal - due_ordinal
        WHEN done_on > due_on THEN CAST(done_on - due_on AS INTEGER)
        WHEN done_on IS NULL AND as_of_on > due_on AND is_in_working_days THEN as_of_next_ordinal - due_ordinal
        WHEN done_on IS NULL AND as_of_on > due_on THEN CAST(as_of_on - due_on AS INTEGER)
        ELSE 0
    END AS late_days,
    CASE
        WHEN due_on IS NULL OR done_on IS NOT NULL OR as_of_on > due_on THEN NULL
        WHEN is_in_working_days THEN due_ordinal - as_of_ordinal
        ELSE CAST(due_on - as_of_on AS INTEGER)
    END AS left_days
FROM counted;
