-- query:  reviewed_score
-- asks:   which points the rule gave each indicator of a unit, and which a reviewer, as known at a moment
-- grain:  one row per recipient and indicator of the notice
-- unit:   micro-points; reviewed_micro is NULL where nobody reviewed
-- params: $notice_key, $round_id, $as_of; reads counting_review (counting_reviews.sql)
SELECT
    s.document_number,
    s.round_id,
    s.recipient_id,
    s.indicator_no,
    s.state,
    s.score_micro,
    v.reviewed_micro,
    s.weight_micro
FROM score AS s
LEFT JOIN counting_review AS v
    ON v.report_id = s.report_id
    AND v.indicator_no = s.indicator_no
    AND v.target_version = s.target_version
    AND v.weight_micro = s.weight_micro
    AND v.reviewed_at <= $as_of
    AND v.replaced_at > $as_of
WHERE
    s.notice_key = $notice_key
    AND s.round_id = $round_id
    AND s.valid_from <= $as_of
    AND s.valid_to > $as_of
ORDER BY s.recipient_id, s.indicator_no;
