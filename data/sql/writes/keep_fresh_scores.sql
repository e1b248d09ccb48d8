-- write:  keep_fresh_scores
-- does:   keeps the work table's scores; neighbouring spans with the same result become one span,
--         so that a score's history has one row a change
-- grain:  one row per recipient, indicator and span
-- unit:   micro-points
-- params: $document_number, $round_id
INSERT INTO score (
    document_number, round_id, recipient_id, indicator_no, valid_from, valid_to,
    scored_kind, state, achieved, required, score_micro, weight_micro, attainment_micro, deviation_micro,
    gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id, target_version, rule_version
)
WITH marked AS (
    SELECT
        *,
        CASE
            WHEN (scored_kind, state, achieved, required, score_micro, weight_micro, attainment_micro, deviation_micro,
    gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id, target_version, rule_version) IS NOT DISTINCT FROM LAG((scored_kind, state, achieved, required, score_micro, weight_micro, attainment_micro, deviation_micro,
    gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id, target_version, rule_version)) OVER span THEN 0
            ELSE 1
        END AS is_change
    FROM fresh_score
    WINDOW span AS (PARTITION BY recipient_id, indicator_no ORDER BY valid_from)
),

numbered AS (
    SELECT
        *,
        SUM(is_change) OVER (PARTITION BY recipient_id, indicator_no ORDER BY valid_from) AS span_no
    FROM marked
)

SELECT
    $document_number,
    $round_id,
    recipient_id,
    indicator_no,
    MIN(valid_from),
    MAX(valid_to),
    scored_kind, state, achieved, required, score_micro, weight_micro, attainment_micro, deviation_micro,
    gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id, target_version, rule_version
FROM numbered
GROUP BY
    recipient_id, indicator_no, span_no,
    scored_kind, state, achieved, required, score_micro, weight_micro, attainment_micro, deviation_micro,
    gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id, target_version, rule_version;
