-- query:  rollup
-- asks:   which one row per indicator the scoring rule has to judge for the prefecture as a whole
-- grain:  one row per indicator of a round, with recipient_id 'region' and the columns of score_input
-- unit:   as score_input
-- params: none; reads rollup_input, rollup_part (rollup_part.sql over it) and the relation rule
-- rule:   counts add; a rate is the sum of numerators over the sum of denominators; a share of units has the
--         judged units below the line; a standard must hold in every judged unit; shares and values without
--         counts are weighted by the adjusted money; what the prefecture reports itself is taken as it is.
--         A total that not every unit is in is compared with the sum of the counted units' own targets.
-- empty:  where no unit counts nothing was reported (never 0); so too where a total lacks units and the counted
--         ones have no targets of their own. Where the indicator applies to no unit it does not apply. A sum of fifteen digits before the point is not shown: a person has to look.
WITH indicator_of_round AS (
    SELECT
        document_number,
        round_id,
        indicator_no,
        valid_from,
        as_of_on,
        rule_version,
        entry_kind,
        region_scored_kind,
        region_scale,
        region_bound,
        region_upper,
        round_due_on,
        weight_micro,
        is_period_covered,
        MAX(CASE WHEN recipient_id = 'region' THEN allowed_days END) AS allowed_days,
        MAX(CASE WHEN recipient_id = 'region' THEN taken_days END) AS taken_days,
        MAX(CASE WHEN recipient_id = 'region' THEN due_on END) AS own_due_on,
        MAX(CASE WHEN recipient_id = 'region' THEN done_on END) AS done_on
    FROM rollup_input
    GROUP BY
        document_number, round_id, indicator_no, valid_from, as_of_on, rule_version, entry_kind, region_scored_kind,
        region_scale, region_bound, region_upper, round_due_on, weight_micro, is_period_covered
),

added AS (
    SELECT
        document_number,
        round_id,
        indicator_no,
        MAX(rolled_as) AS rolled_as,
        SUM(CASE WHEN is_counted THEN 1 ELSE 0 END) AS counted_count,
        SUM(CASE WHEN is_reached THEN 1 ELSE 0 END) AS reached_count,
        SUM(CASE WHEN state <> 'not_applicable' THEN 1 ELSE 0 END) AS applicable_count,
        SUM(numerator) AS numerator,
        SUM(denominator) AS denominator,
        SUM(value) AS value,
        SUM(prior_value) AS prior_value,
        COUNT(*) AS unit_count,
        COUNT(own_bound) AS bound_count,
        SUM(own_bound) AS own_bound,
        COUNT(own_upper) AS upper_count,
        SUM(own_upper) AS own_upper,
        MAX(band) AS band,
        MAX(band_share) AS band_share,
        MAX(CASE WHEN is_evidenced THEN 1 ELSE 0 END) AS evidence_count,
        CAST(SUM(after_yuan) AS DECIMAL(19, 2)) AS weight,
        -- Money times value, in ten-thousandths of the value's unit.
        CAST(
            SUM(
                CASE
                    WHEN after_yuan IS NOT NULL
                        THEN CAST(after_yuan AS DECIMAL(19, 2))
                        * CAST(CAST(COALESCE(band_share, value) AS DECIMAL(19, 4)) * 10000 AS DECIMAL(14, 0))
                END
            ) AS DECIMAL(38, 2)
        ) AS weighted
    FROM rollup_part
    GROUP BY document_number, round_id, indicator_no
),

-- The weighted mean in ten-thousandths: divided in double, then put right on decimals.
guessed AS (
    SELECT
        added.*,
        CASE
            WHEN rolled_as IN ('weighted_share', 'weighted_mean') AND weight > 0
                THEN CAST(FLOOR(CAST(weighted AS DOUBLE) / CAST(weight AS DOUBLE)) AS BIGINT)
        END AS guess
    FROM added
),

floored AS (
    SELECT
        guessed.*,
        CASE
            WHEN CAST(guess + 1 AS DECIMAL(18, 0)) * weight <= weighted THEN guess + 1
            WHEN CAST(guess AS DECIMAL(18, 0)) * weight > weighted THEN guess - 1
            ELSE guess
        END AS mean_floor
    FROM guessed
),

-- Rounded so that a border which is missed is never reached: down, but up where less is better or too much is off.
meant AS (
    SELECT
        i.*,
        f.rolled_as,
        f.counted_count,
        f.reached_count,
        f.applicable_count,
        f.numerator,
        f.denominator,
        f.value,
        f.prior_value,
        f.band,
        f.band_share,
        f.evidence_count,
        f.own_bound,
        f.own_upper,
        CASE
            -- Only a total grows with each unit; whom it does not apply to has a part in it only where it was handed down.
            WHEN f.rolled_as <> 'sum' OR f.counted_count = f.unit_count THEN 'whole'
            WHEN
                i.region_scored_kind NOT IN ('at_least', 'more_than', 'at_most', 'less_than', 'equal', 'range')
                THEN 'whole'
            WHEN
                f.bound_count = f.counted_count
                AND (i.region_scored_kind <> 'range' OR f.upper_count = f.counted_count)
                AND f.own_bound < 100000000000000 AND f.own_bound > -100000000000000
                AND (f.own_upper IS NULL OR f.own_upper < 100000000000000 AND f.own_upper > -100000000000000)
                THEN 'own'
            WHEN f.counted_count = f.applicable_count THEN 'whole'
            ELSE 'none'
        END AS compared_with,
        CASE
            WHEN CAST(f.mean_floor AS DECIMAL(18, 0)) * f.weight = f.weighted THEN f.mean_floor
            WHEN i.region_scored_kind IN ('at_most', 'less_than') THEN f.mean_floor + 1
            WHEN
                i.region_scored_kind IN ('equal', 'range')
                AND f.mean_floor >= CAST(COALESCE(i.region_upper, i.region_bound) AS DECIMAL(19, 4)) * 10000
                THEN f.mean_floor + 1
            ELSE f.mean_floor
        END AS mean
    FROM indicator_of_round AS i
    LEFT JOIN floored AS f
        ON f.document_number = i.document_number AND f.round_id = i.round_id AND f.indicator_no = i.indicator_no
),

figured AS (
    SELECT
        meant.*,
        -- A number of units that is asked for, not their share.
        rolled_as = 'unit_share' AND region_scale = 1 AND region_scored_kind <> 'full_coverage' AS is_unit_count,
        CASE
            WHEN rolled_as IN ('all_hold', 'unit_share') AND counted_count > 0 THEN reached_count
            ELSE numerator
        END AS upper_side,
        CASE
            WHEN rolled_as IN ('all_hold', 'unit_share') AND counted_count > 0 THEN counted_count
            ELSE denominator
        END AS lower_side,
        CAST(CAST(mean AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(5, 4)) AS DECIMAL(18, 4)) AS mean_value
    FROM meant
)

SELECT
    f.document_number,
    'region' AS recipient_id,
    f.indicator_no,
    f.round_id,
    f.valid_from,
    f.rule_version,
    CASE WHEN f.rolled_as = 'all_hold' THEN 'full_coverage' ELSE f.region_scored_kind END AS scored_kind,
    CASE WHEN f.rolled_as = 'all_hold' THEN 1 ELSE f.region_scale END AS scale,
    CASE
        WHEN f.compared_with = 'own' THEN CAST(f.own_bound AS DECIMAL(18, 4))
        WHEN f.rolled_as <> 'all_hold' THEN f.region_bound
    END AS bound,
    CASE
        WHEN f.compared_with = 'own' THEN CAST(f.own_upper AS DECIMAL(18, 4))
        WHEN f.rolled_as <> 'all_hold' THEN f.region_upper
    END AS upper,
    CASE
        WHEN f.rolled_as IN ('ratio', 'all_hold', 'unit_share', 'prefecture') AND NOT f.is_unit_count
            AND f.upper_side < 100000000000000
            THEN CAST(f.upper_side AS DECIMAL(18, 4))
    END AS numerator,
    CASE
        WHEN f.rolled_as IN ('ratio', 'all_hold', 'unit_share', 'prefecture') AND NOT f.is_unit_count
            AND f.lower_side < 100000000000000
            THEN CAST(f.lower_side AS DECIMAL(18, 4))
    END AS denominator,
    CASE
        WHEN f.is_unit_count THEN CAST(f.upper_side AS DECIMAL(18, 4))
        WHEN f.compared_with = 'none' THEN NULL
        WHEN f.rolled_as = 'weighted_mean' THEN f.mean_value
        WHEN f.rolled_as IN ('sum', 'prefecture') AND f.value < 100000000000000 AND f.value > -100000000000000
            THEN CAST(f.value AS DECIMAL(18, 4))
    END AS value,
    CASE
        WHEN f.rolled_as IN ('sum', 'prefecture') AND f.prior_value < 100000000000000
            AND f.prior_value > -100000000000000
            THEN CAST(f.prior_value AS DECIMAL(18, 4))
    END AS prior_value,
    CASE
        WHEN f.rolled_as = 'prefecture' THEN f.band
        WHEN f.rolled_as <> 'weighted_share' OR f.mean IS NULL THEN NULL
        WHEN f.mean_value * 10000 >= r.band_reached_from_micro THEN 1
        WHEN f.mean_value * 10000 >= r.band_partly_from_micro THEN 2
        ELSE 3
    END AS band,
    CASE
        WHEN f.rolled_as = 'prefecture' THEN CAST(f.band_share AS DECIMAL(7, 4))
        WHEN f.rolled_as = 'weighted_share' THEN CAST(f.mean_value AS DECIMAL(7, 4))
    END AS band_share,
    COALESCE(f.evidence_count, 0) > 0 AS is_evidenced,
    f.allowed_days,
    f.taken_days,
    CASE WHEN f.entry_kind = 'from_receipt' THEN f.own_due_on ELSE f.round_due_on END AS due_on,
    f.done_on,
    f.as_of_on,
    COALESCE(f.counted_count > 0 AND f.compared_with <> 'none', FALSE) AS is_reported,
    f.is_period_covered AND COALESCE(f.applicable_count, 0) > 0 AS is_applicable,
    f.weight_micro
FROM figured AS f
JOIN rule AS r ON r.rule_version = f.rule_version
ORDER BY f.document_number, f.round_id, f.indicator_no;
