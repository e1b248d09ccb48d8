-- query:  fresh_scores
-- asks:   what the scoring rule makes of the inputs, beside the facts that a score keeps with it
-- grain:  one row per row of score_input
-- unit:   micro-points
-- params: none; reads score_input and scored, which is score.sql over it
SELECT
    s.recipient_id,
    s.indicator_no,
    i.valid_from,
    i.valid_to,
    s.scored_kind,
    s.state,
    s.achieved,
    s.required,
    s.score_micro,
    s.weight_micro,
    s.attainment_micro,
    s.deviation_micro,
    s.gap_points_micro,
    i.allowed_days,
    i.taken_days,
    i.due_on,
    i.done_on,
    i.report_id,
    i.target_version,
    s.rule_version
FROM scored AS s
JOIN score_input AS i
    ON i.recipient_id = s.recipient_id AND i.indicator_no = s.indicator_no AND i.valid_from = s.valid_from;
