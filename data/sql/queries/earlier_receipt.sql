-- query:  earlier_receipt
-- asks:   what was on record of one step of one unit up to a moment
-- grain:  one row, the newest record; none where nothing was
-- unit:   元
-- params: $notice_key, $recipient_id, $receipt_step, $as_of
SELECT
    happened_at,
    amount_yuan,
    marker_text AS marker,
    evidence_text AS evidence
FROM receipt
WHERE
    notice_key = $notice_key
    AND recipient_id = $recipient_id
    AND receipt_step = $receipt_step
    AND recorded_at <= $as_of
ORDER BY receipt_no DESC
LIMIT 1;
