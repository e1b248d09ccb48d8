-- query:  lake_reviewed_score
-- asks:   which points the rule gave each indicator of a unit, and which a reviewer
-- grain:  one row per row of score
-- unit:   micro-points; reviewed_micro is NULL where nobody reviewed
-- params: none; reads score (score.sql) and review
SELECT
    s.document_number,
    s.round_id,
    s.recipient_id,
    s.state,
    s.score_micro,
    v.reviewed_micro,
    s.weight_micro
FROM score AS s
LEFT JOIN review AS v
    ON v.document_number = s.document_number
    AND v.round_id = s.round_id
    AND v.recipient_id = s.recipient_id
    AND v.indicator_no = s.indicator_no;
