-- query:  duty
-- asks:   did each unit report in time in each round
-- grain:  one row per row of duties
-- unit:   calendar days; the due day itself is in time
-- params: none; reads duties (one row per notice, round and recipient) and judged (duty_clock.sql over the same rounds)
SELECT
    d.*,
    j.duty_state
FROM duties AS d
JOIN judged AS j
    ON j.document_number = d.document_number
    AND j.round_id = d.round_id
    AND j.recipient_id = d.recipient_id
ORDER BY d.period_end_on DESC, d.display_no;
