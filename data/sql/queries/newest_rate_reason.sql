-- query:  newest_rate_reason
-- asks:   why each unit paid more than it was handed down, and up to how much that holds, as was said last
-- grain:  one row per recipient with a reason
-- unit:   元
-- params: $document_number, $as_of
SELECT
    recipient_id,
    reason_no,
    reason_text,
    explained_yuan,
    entered_at,
    entered_by
FROM rate_reason
WHERE document_number = $document_number AND entered_at <= $as_of
QUALIFY ROW_NUMBER() OVER (PARTITION BY recipient_id ORDER BY reason_no DESC) = 1;
