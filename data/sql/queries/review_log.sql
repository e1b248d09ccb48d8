-- query:  review_log
-- asks:   which points reviewers decided in a round, and which of them still count, as known at a moment
-- grain:  one row per review, the newest first
-- unit:   micro-points
-- params: $document_number and its $notice_key, $round_id, $as_of; reads counting_review (counting_reviews.sql)
WITH kept AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY recipient_id, indicator_no ORDER BY review_no DESC) AS age
    FROM counting_review
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
    k.weight_micro,
    k.review_reason,
    k.reviewed_at,
    k.reviewed_by,
    k.age = 1 AS is_newest,
    CASE
        WHEN s.report_id IS NULL THEN 'lapsed'
        WHEN k.replaced_at > $as_of THEN 'counts'
        ELSE 'replaced'
    END AS review_state
FROM kept AS k
JOIN recipient AS u ON u.recipient_id = k.recipient_id
JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = k.indicator_no
JOIN report AS p ON p.notice_key = $notice_key AND p.report_id = k.report_id
-- Its own score holds no more: the review lapsed.
LEFT JOIN score AS s
    ON s.notice_key = $notice_key
    AND s.report_id = k.report_id
    AND s.indicator_no = k.indicator_no
    AND s.target_version = k.target_version
    AND s.weight_micro = k.weight_micro
    AND s.valid_from <= $as_of
    AND s.valid_to > $as_of
ORDER BY k.review_no DESC;
