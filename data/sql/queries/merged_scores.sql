-- query:  merged_scores
-- asks:   the work table's scores as they are kept: neighbouring spans with the same result become one span,
--         so that a score's history has one row a change
-- grain:  one row per recipient, indicator and span
-- unit:   micro-points
-- params: $document_number and its $notice_key, $round_id; reads fresh_score
WITH told AS (
    SELECT
        *,
        ROW(
            scored_kind, state, achieved, required, score_micro, weight_micro, attainment_micro, deviation_micro,
            gap_points_micro, allowed_days, taken_days, due_on, done_on, report_id, target_version, rule_version
        ) AS result
    FROM fresh_score
),

marked AS (
    SELECT
        *,
        result IS NOT DISTINCT FROM LAG(result) OVER (span ORDER BY valid_from)
        AND LAG(valid_from) OVER (span ORDER BY valid_from) IS NOT NULL AS is_repeated,
        MAX(valid_to) OVER span AS ends_at
    FROM told
    WINDOW span AS (PARTITION BY recipient_id, indicator_no)
)

-- The spans of a score touch: one that differs ends where the next one begins.
SELECT
    $document_number AS document_number,
    $notice_key AS notice_key,
    $round_id AS round_id,
    * EXCLUDE (result, is_repeated, ends_at) REPLACE (
        COALESCE(
            LEAD(valid_from) OVER (PARTITION BY recipient_id, indicator_no ORDER BY valid_from), ends_at
        ) AS valid_to
    )
FROM marked
WHERE NOT is_repeated;
