-- query:  nation_unit
-- asks:   how each unit stands with each notice's money, in the round that stands for the notice
-- grain:  one row per recipient of a notice
-- unit:   元; micro-points
-- params: none; reads total (total.sql), effect (effect.sql), unit_money, notice_round and shown_round
-- rule:   a unit that is no administrative division stands for itself among the counties
SELECT
    t.document_number,
    t.round_id,
    t.recipient_id,
    n.printed_number,
    n.fund_name,
    COALESCE(m.county_code, t.recipient_id) AS county_code,
    m.county_name,
    t.is_reported,
    t.after_yuan,
    t.paid_yuan,
    t.total_score_micro,
    t.total_scored_weight_micro,
    t.total_weight_micro,
    t.grade,
    e.effect_state
FROM total AS t
JOIN shown_round AS w ON w.document_number = t.document_number AND w.round_id = t.round_id
JOIN notice_round AS n ON n.document_number = t.document_number AND n.round_id = t.round_id
JOIN effect AS e
    ON e.document_number = t.document_number AND e.round_id = t.round_id AND e.recipient_id = t.recipient_id
JOIN unit_money AS m
    ON m.document_number = t.document_number AND m.round_id = t.round_id AND m.recipient_id = t.recipient_id;
