-- query:  unit_points
-- asks:   what the points of its indicators come to for each unit, and of how much weight
-- grain:  one row per recipient of a round that has a score
-- unit:   micro-points
-- params: none; reads reviewed_score (document_number, round_id, recipient_id, state, score_micro, reviewed_micro,
--         weight_micro)
-- rule:   points that a reviewer decided count before those that the rule gives; what has no points counts on
--         neither side; what does not apply to the unit is no part of its whole weight.
WITH decided AS (
    SELECT
        document_number,
        round_id,
        recipient_id,
        state,
        weight_micro,
        COALESCE(reviewed_micro, score_micro) AS final_micro
    FROM reviewed_score
)

SELECT
    document_number,
    round_id,
    recipient_id,
    CAST(SUM(COALESCE(final_micro, 0)) AS BIGINT) AS score_micro,
    CAST(SUM(CASE WHEN final_micro IS NOT NULL THEN weight_micro ELSE 0 END) AS BIGINT) AS scored_weight_micro,
    CAST(SUM(CASE WHEN state <> 'not_applicable' THEN weight_micro ELSE 0 END) AS BIGINT) AS weight_micro
FROM decided
GROUP BY document_number, round_id, recipient_id;
