-- query:  duty
-- asks:   did each unit report in time in each round
-- grain:  one row per row of duties
-- unit:   calendar days; the due day itself is in time
-- params: none; reads duties (one row per recipient and round, with first_submitted_on, due_on, as_of_on)
SELECT
    d.*,
    CASE
        WHEN d.first_submitted_on IS NULL AND d.as_of_on <= d.due_on THEN 'not_due'
        WHEN d.first_submitted_on IS NULL THEN 'overdue'
        WHEN d.first_submitted_on <= d.due_on THEN 'on_time'
        ELSE 'late'
    END AS duty_state
FROM duties AS d
ORDER BY d.period_end_on DESC, d.display_no;
