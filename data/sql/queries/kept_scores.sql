-- query:  kept_scores
-- asks:   every score that is kept, in the columns that the scoring rule gives
-- grain:  one row per kept score (recipient, indicator, round and the moment from which it held)
-- unit:   micro-points
-- params: $notice_key, $round_id
SELECT
    document_number,
    recipient_id,
    indicator_no,
    round_id,
    valid_from,
    CAST(valid_from AS DATE) AS as_of_on,
    scored_kind,
    state,
    achieved,
    required,
    score_micro,
    weight_micro,
    attainment_micro,
    deviation_micro,
    gap_points_micro,
    rule_version
FROM score
WHERE
    notice_key = $notice_key
    AND round_id = $round_id
ORDER BY document_number, round_id, recipient_id, indicator_no, valid_from;
