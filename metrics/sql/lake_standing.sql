-- query:  lake_standing
-- asks:   what each unit of a notice got, paid and scored in a round
-- grain:  one row per row of unit_money
-- unit:   元; micro-points
-- params: none; reads unit_money and unit_points (unit_points.sql over lake_reviewed_score.sql)
SELECT
    m.document_number,
    m.round_id,
    m.recipient_id,
    m.rule_version,
    m.period_month,
    m.passed_month,
    m.is_reported,
    m.after_yuan,
    m.paid_yuan,
    m.elapsed_days,
    m.year_days,
    CAST(COALESCE(p.score_micro, 0) AS BIGINT) AS score_micro,
    CAST(COALESCE(p.scored_weight_micro, 0) AS BIGINT) AS scored_weight_micro,
    CAST(COALESCE(p.weight_micro, 0) AS BIGINT) AS weight_micro
FROM unit_money AS m
LEFT JOIN unit_points AS p
    ON p.document_number = m.document_number
    AND p.round_id = m.round_id
    AND p.recipient_id = m.recipient_id;
