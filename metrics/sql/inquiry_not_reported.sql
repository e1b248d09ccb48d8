-- query:  inquiry_not_reported
-- asks:   which units have not reported a round whose due day is over
-- grain:  one row per unit
-- unit:   none
-- params: none; reads duties (duties.sql of one round)
SELECT
    'not_reported' AS rule_key,
    recipient_id,
    0 AS indicator_no,
    round_name,
    due_on
FROM duties
WHERE submitted_at IS NULL AND due_on < as_of_on;
