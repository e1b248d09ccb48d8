-- query:  what_if_standing
-- asks:   how each unit would stand if its indicators had the points of another version of the rules
-- grain:  one row per row of kept_standing
-- unit:   元; micro-points
-- params: none; reads kept_standing (unit_standing.sql), unit_points (unit_points.sql over the points of that
--         version) and the relation rule with one row, the other version
-- rule:   money and calendar stay as recorded
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
LEFT JOIN unit_points AS p ON p.recipient_id = k.recipient_id;
