-- query:  duty
-- asks:   did each unit report in time in each round
-- grain:  one row per row of duties
-- unit:   calendar days; the due day itself is in time
-- params: none; reads duties (one row per recipient and round, with first_submitted_at, due_on, as_of_on)
SELECT
    d.*,
    CASE
        WHEN d.first_submitted_at IS NULL AND d.as_of_on <= d.due_on THEN 'not_due'
        WHEN d.first_submitted_at IS NULL THEN 'overdue'
        WHEN CAST(d.first_submitted_at AS DATE) <= d.due_on THEN 'on_time'
        ELSE 'late'
    END AS duty_state
FROM duties AS d
ORDER BY d.period_end_on DESC, d.display_no;
