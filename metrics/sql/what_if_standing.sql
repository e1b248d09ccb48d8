-- query:  what_if_standing
-- asks:   how each unit would stand if its indicators had the points of another version of the rules
-- grain:  one row per row of kept_standing
-- unit:   元; micro-points
-- params: none; reads kept_standing (unit_standing.sql), rescored (recipient_id, state, final_micro, weight_micro)
--         and the relation rule with one row, the other version
-- rule:   money and calendar stay as recorded; the points are summed anew, as unit_standing.sql sums them
WITH points AS (
    SELECT
        recipient_id,
        SUM(final_micro) AS score_micro,
        SUM(CASE WHEN final_micro IS NOT NULL THEN weight_micro ELSE 0 END) AS scored_weight_micro,
        SUM(CASE WHEN state <> 'not_applicable' THEN weight_micro ELSE 0 END) AS weight_micro
    FROM rescored
    GROUP BY recipient_id
)

SELECT
    k.document_number,
    k.round_id,
    k.recipient_id,
    r.rule_version,
    k.period_month,
    k.passed_month,
    k.is_reported,
    k.after_yuan,
    k.paid_yuan,
    k.elapsed_days,
    k.year_days,
    CAST(COALESCE(p.score_micro, 0) AS BIGINT) AS score_micro,
    CAST(COALESCE(p.scored_weight_micro, 0) AS BIGINT) AS scored_weight_micro,
    CAST(COALESCE(p.weight_micro, 0) AS BIGINT) AS weight_micro
FROM kept_standing AS k
CROSS JOIN rule AS r
LEFT JOIN points AS p ON p.recipient_id = k.recipient_id;
