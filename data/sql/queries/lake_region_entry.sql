-- query:  lake_region_entry
-- asks:   what the prefecture reported itself, or how its own clock stands
-- grain:  one row per indicator that the prefecture reports itself
-- unit:   as rollup_input
-- params: none; reads rollup_input
SELECT
    document_number,
    round_id,
    indicator_no,
    state,
    scored_kind,
    own_bound,
    own_upper,
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
    done_on
FROM rollup_input
WHERE recipient_id = 'region';
