-- query:  timeliness
-- asks:   did each unit import all its money and the marker within the working days allowed
-- grain:  one row per row of clock_input
-- unit:   working days; the day of receipt is day 0 and the last day counts
-- params: none; reads clock_input (facts per unit) and working_day (calendar_day, ordinal, next_ordinal,
--         is_working), where ordinal counts the working days up to a day and next_ordinal is that of the
--         first working day on or after it
WITH counted AS (
    SELECT
        c.*,
        received.ordinal AS received_ordinal,
        due.calendar_day AS due_on,
        due.ordinal AS due_ordinal,
        whole.next_ordinal AS complete_ordinal,
        now.ordinal AS as_of_ordinal,
        now.next_ordinal AS as_of_next_ordinal
    FROM clock_input AS c
    LEFT JOIN working_day AS received ON received.calendar_day = c.received_on
    LEFT JOIN working_day AS due
        ON due.is_working AND due.ordinal = received.ordinal + c.allowed_days
    LEFT JOIN working_day AS whole ON whole.calendar_day = c.complete_on
    LEFT JOIN working_day AS now ON now.calendar_day = c.as_of_on
)

SELECT
    recipient_id,
    allowed_days,
    received_on,
    due_on,
    complete_on AS done_on,
    -- A rest day counts as the next working day, for what is done on it and for what is late by it.
    CASE WHEN complete_on IS NOT NULL THEN complete_ordinal - received_ordinal END AS taken_days,
    imported_on,
    imported_yuan,
    imported_marker,
    after_yuan,
    marker_text,
    as_of_on,
    CASE
        WHEN received_on IS NULL THEN 'no_receipt'
        WHEN complete_on <= due_on THEN 'on_time'
        WHEN complete_on > due_on THEN 'late'
        WHEN as_of_on <= due_on THEN 'not_due'
        WHEN imported_on IS NULL OR imported_on > due_on THEN 'overdue'
        WHEN COALESCE(imported_yuan, 0) = 0 THEN 'on_time_empty'
        ELSE 'on_time_wrong'
    END AS clock_state,
    CASE
        WHEN received_on IS NULL THEN NULL
        WHEN complete_on > due_on THEN complete_ordinal - due_ordinal
        WHEN complete_on IS NULL AND as_of_on > due_on THEN as_of_next_ordinal - due_ordinal
        ELSE 0
    END AS late_days,
    CASE
        WHEN complete_on IS NULL AND as_of_on <= due_on THEN due_ordinal - as_of_ordinal
    END AS left_days
FROM counted;
