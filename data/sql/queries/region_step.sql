-- query:  region_step
-- asks:   on which day the prefecture took each step with the document from above, as its newest record says
-- grain:  one row per step that it recorded for the notice
-- unit:   none
-- params: $notice_key, $as_of
SELECT
    receipt_step,
    clock_day(happened_at) AS happened_on
FROM receipt
WHERE notice_key = $notice_key AND recipient_id = 'region' AND recorded_at <= $as_of
QUALIFY ROW_NUMBER() OVER (PARTITION BY receipt_step ORDER BY receipt_no DESC) = 1;
