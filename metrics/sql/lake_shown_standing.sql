-- query:  lake_shown_standing
-- asks:   how the units stand in the round that stands for its notice
-- grain:  one row per recipient of a notice
-- unit:   元; micro-points
-- params: none; reads unit_standing (lake_standing.sql) and shown_round (lake_shown_round.sql)
SELECT
    s.document_number,
    s.round_id,
    s.recipient_id,
    s.rule_version,
    s.period_month,
    s.passed_month,
    s.is_reported,
    s.after_yuan,
    s.paid_yuan,
    s.elapsed_days,
    s.year_days,
    s.score_micro,
    s.scored_weight_micro,
    s.weight_micro
FROM unit_standing AS s
JOIN shown_round AS w ON w.document_number = s.document_number AND w.round_id = s.round_id;
