-- write:  begin_fresh_scores
-- does:   starts a work table with the scores that hold until $at or longer, cut off there
-- grain:  one row per recipient and indicator of the round, narrowed to one recipient unless it is ''
-- unit:   micro-points
-- params: $notice_key, $round_id, $recipient_id, $at
CREATE OR REPLACE TEMP TABLE fresh_score AS
SELECT
    recipient_id,
    indicator_no,
    valid_from,
    $at AS valid_to,
    scored_kind, state, achieved, required, score_micro, weight_micro, attainment_micro, deviation_micro,
    gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id, target_version, rule_version
FROM score
WHERE
    notice_key = $notice_key
    AND round_id = $round_id
    AND ($recipient_id = '' OR recipient_id = $recipient_id)
    AND valid_from < $at
    AND valid_to >= $at;
