-- query:  receipt_days
-- asks:   when each step of one unit happened, as its newest record says
-- grain:  one row per step
-- unit:   none
-- params: $notice_key, $recipient_id, $as_of
SELECT
    receipt_step,
    happened_at
FROM receipt
WHERE notice_key = $notice_key AND recipient_id = $recipient_id AND recorded_at <= $as_of
QUALIFY ROW_NUMBER() OVER (PARTITION BY receipt_step ORDER BY receipt_no DESC) = 1;
