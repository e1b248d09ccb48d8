-- query:  lake_review
-- asks:   which points a reviewer decided, as known at a moment
-- grain:  one row per recipient and indicator that was reviewed
-- unit:   micro-points
-- params: none; reads reviewed_score
SELECT
    document_number,
    round_id,
    recipient_id,
    indicator_no,
    reviewed_micro
FROM reviewed_score
WHERE reviewed_micro IS NOT NULL;
