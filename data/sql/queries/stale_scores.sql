-- query:  stale_scores
-- asks:   which scores that hold at $at or later are not those that the rule gives now
-- grain:  one row per recipient and indicator
-- unit:   none
-- params: $notice_key, $round_id, $at; reads merged_scores
WITH held AS (
    SELECT
        recipient_id, indicator_no, valid_from, valid_to, scored_kind, state, achieved, required, score_micro, weight_micro,
        attainment_micro, deviation_micro, gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id,
        target_version, rule_version
    FROM score
    WHERE notice_key = $notice_key AND round_id = $round_id AND valid_to >= $at
),

due AS (
    SELECT
        recipient_id, indicator_no, valid_from, valid_to, scored_kind, state, achieved, required, score_micro, weight_micro,
        attainment_micro, deviation_micro, gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id,
        target_version, rule_version
    FROM merged_scores
)

SELECT DISTINCT recipient_id || '，第 ' || indicator_no || ' 项' AS place_text
FROM (
    (SELECT * FROM held EXCEPT ALL SELECT * FROM due)
    UNION ALL
    (SELECT * FROM due EXCEPT ALL SELECT * FROM held)
)
ORDER BY ALL;
