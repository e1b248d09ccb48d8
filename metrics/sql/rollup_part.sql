-- query:  rollup_part
-- asks:   does each unit's figure count towards the prefecture's, and with what
-- grain:  one row per row of rollup_input that an indicator is made of: its units, or the prefecture itself
--         where the method is prefecture
-- unit:   as reported; 元; shares in percent
-- params: none; reads rollup_input (one row per recipient and indicator of a round, with its state, its figures,
--         its money and the prefecture's own target)
-- rule:   what could not be judged counts on neither side of a figure. One exception: where only the unit's own
--         target is missing (a total that is not decomposed yet) its reported counts are still counts.
WITH given AS (
    SELECT
        i.*,
        i.state IN ('met', 'over', 'slightly_off', 'off') AS is_judged,
        i.state IN ('met', 'over', 'slightly_off', 'off')
        OR (i.state = 'needs_review' AND i.scored_kind = 'other') AS is_figure_sound,
        i.region_scored_kind IN (
            'not_below_last_year', 'increase_over_last_year', 'decrease_over_last_year'
        ) AS is_versus_prior,
        -- Rates that were reported as two counts are never weighted by money: the counts say more.
        CASE
            WHEN i.rollup_method IN ('all_hold', 'unit_share', 'prefecture') THEN i.rollup_method
            WHEN i.entry_kind IN ('ratio', 'coverage', 'ratio_versus_prior') THEN 'ratio'
            WHEN i.rollup_method = 'weighted_mean' AND i.region_scored_kind = 'qualitative' THEN 'weighted_share'
            ELSE i.rollup_method
        END AS rolled_as
    FROM rollup_input AS i
    WHERE (i.recipient_id = 'region') = (i.rollup_method = 'prefecture')
),

sorted AS (
    SELECT
        given.*,
        CASE rolled_as
            WHEN 'prefecture' THEN state <> 'not_reported'
            WHEN 'all_hold' THEN is_judged
            WHEN 'unit_share' THEN is_judged
            WHEN 'ratio' THEN is_figure_sound AND COALESCE(numerator >= 0 AND denominator > 0, FALSE)
            WHEN 'sum' THEN is_figure_sound AND value IS NOT NULL AND (prior_value IS NOT NULL OR NOT is_versus_prior)
            WHEN 'weighted_share'
                THEN is_judged AND band_share IS NOT NULL AND COALESCE(after_yuan > 0, FALSE)
            WHEN 'weighted_mean'
                THEN
                    is_figure_sound AND NOT is_versus_prior AND COALESCE(after_yuan > 0, FALSE)
                    AND COALESCE(value > -1000000000 AND value < 1000000000, FALSE)
            ELSE FALSE
        END AS is_counted
    FROM given
)

SELECT
    document_number,
    round_id,
    indicator_no,
    recipient_id,
    rollup_method,
    rolled_as,
    state,
    is_counted,
    -- Why it is left out, as a state; what could be judged but not added needs a look.
    CASE WHEN NOT is_counted THEN CASE WHEN is_judged THEN 'needs_review' ELSE state END END AS left_out_state,
    CASE WHEN is_counted AND is_judged THEN state IN ('met', 'over') END AS is_reached,
    CASE WHEN is_counted THEN numerator END AS numerator,
    CASE WHEN is_counted THEN denominator END AS denominator,
    CASE WHEN is_counted THEN value END AS value,
    CASE WHEN is_counted THEN prior_value END AS prior_value,
    CASE WHEN is_counted THEN band END AS band,
    CASE WHEN is_counted THEN band_share END AS band_share,
    CASE WHEN is_counted THEN is_evidenced END AS is_evidenced,
    CASE WHEN is_counted AND rolled_as IN ('weighted_share', 'weighted_mean') THEN after_yuan END AS after_yuan,
    -- The unit's own part of a total, where it is bounded as the prefecture's is.
    CASE WHEN is_counted AND rolled_as = 'sum' AND scored_kind = region_scored_kind THEN own_bound END AS own_bound,
    CASE WHEN is_counted AND rolled_as = 'sum' AND scored_kind = region_scored_kind THEN own_upper END AS own_upper,
    region_bound,
    region_upper
FROM sorted
ORDER BY document_number, round_id, indicator_no, recipient_id;
