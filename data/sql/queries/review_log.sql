-- query:  review_log
-- asks:   which points reviewers decided in a round, and which of them still count, as known at a moment
-- grain:  one row per review, the newest first
-- unit:   micro-points
-- params: $document_number, $round_id, $as_of
WITH kept AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY recipient_id, indicator_no ORDER BY review_no DESC) AS age
    FROM review
    WHERE document_number = $document_number AND round_id = $round_id AND reviewed_at <= $as_of
)

SELECT
    k.review_no,
    k.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    k.indicator_no,
    i.short_name,
    p.report_version,
    k.reviewed_micro,
    s.weight_micro,
    k.review_reason,
    k.reviewed_at,
    k.reviewed_by,
    k.age = 1 AS is_newest,
    -- A review belongs to the version of the report that it looked at.
    CASE
        WHEN s.report_id IS NULL OR s.report_id <> k.report_id THEN 'lapsed'
        WHEN k.age = 1 THEN 'counts'
        ELSE 'replaced'
    END AS review_state
FROM kept AS k
JOIN recipient AS u ON u.recipient_id = k.recipient_id
JOIN indicator AS i ON i.document_number = k.document_number AND i.indicator_no = k.indicator_no
JOIN report AS p ON p.report_id = k.report_id
JOIN score AS s
    ON s.document_number = k.document_number
    AND s.round_id = k.round_id
    AND s.recipient_id = k.recipient_id
    AND s.indicator_no = k.indicator_no
    AND s.valid_from <= $as_of
    AND s.valid_to > $as_of
ORDER BY k.review_no DESC;
