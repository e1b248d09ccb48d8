-- query:  lake_score_input
-- asks:   what the scoring rule knows of each indicator of a unit in a round, of the scores that hold at a moment
-- grain:  one row per recipient and indicator of the notice
-- unit:   as score_input
-- params: $as_of; reads score_evidence
SELECT
    document_number,
    recipient_id,
    indicator_no,
    round_id,
    valid_from,
    rule_version,
    scored_kind,
    scale,
    bound,
    upper,
    numerator,
    denominator,
    value,
    prior_value,
    band,
    band_share,
    is_evidenced,
    allowed_days,
    taken_days,
    due_on,
    done_on,
    as_of_on,
    is_reported,
    is_applicable,
    weight_micro
FROM score_evidence
WHERE valid_from <= $as_of AND valid_to > $as_of;
