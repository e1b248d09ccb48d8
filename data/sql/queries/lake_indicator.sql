-- query:  lake_indicator
-- asks:   by what each indicator of a round is rolled up to the prefecture, and what the prefecture has to reach
-- grain:  one row per indicator of the round that has units or an entry of the prefecture
-- unit:   as rollup_input
-- params: none; reads rollup_input
SELECT DISTINCT
    document_number,
    round_id,
    indicator_no,
    valid_from,
    as_of_on,
    rule_version,
    rollup_method,
    entry_kind,
    region_scored_kind,
    region_scale,
    region_bound,
    region_upper,
    is_period_covered,
    round_due_on,
    weight_micro
FROM rollup_input;
