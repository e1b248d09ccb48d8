-- query:  score
-- asks:   what does each indicator score against its target, and in which state is it
-- grain:  one row per row of score_input
-- unit:   micro-points (score, weight), millionths of a ratio (attainment, deviation), millionths of a
--         percentage point (gap_points); achieved and required in the target's unit, for rates times the
--         denominator, so that nothing is divided before the comparison
-- params: none; reads score_input, each row with the version of the rules that judges it, and the relation
--         rule (one row per rule_version: slightly_off_from_micro, over_from_micro, band_reached_from_micro,
--         band_partly_from_micro). document_number and valid_from only pass through: they name the row.
-- rule:   met if achieved >= required, on exact decimals; score = weight x min(1, achieved / required), divided once,
--         in double, last, and rounded half up to a micro-point, which decimals check; never up to full marks for a
--         miss. Strict targets (more_than, less_than, a rise or fall without a size) move the bound by one unit of
--         the last decimal place. Over-fulfilment keeps full marks: the state only asks whether the target was set
--         too low. Last year's zero has no percentage: a sized rise or fall over it goes to a person.
-- except: a qualitative target takes its state from the band that a person chose and its score from the
--         share inside the band; it is the one kind whose state does not come from achieved >= required.
-- order:  none: to sort costs more than to judge; who shows rows sorts them.
-- empty:  score and what goes with it are NULL in not_reported, not_due, no_baseline, needs_review and
--         not_applicable; attainment and deviation stop at 999999999999.
WITH given AS (
    SELECT
        i.document_number,
        i.recipient_id,
        i.indicator_no,
        i.round_id,
        i.valid_from,
        COALESCE(i.scored_kind, 'other') AS scored_kind,
        COALESCE(i.scale, 1) AS scale,
        i.bound,
        i.upper AS upper_bound,
        i.numerator,
        i.denominator,
        i.value AS actual_value,
        i.prior_value,
        i.band,
        i.band_share,
        COALESCE(i.is_evidenced, FALSE) AS is_evidenced,
        i.allowed_days,
        i.taken_days,
        i.due_on,
        i.done_on,
        i.as_of_on,
        COALESCE(i.is_reported, FALSE) AS is_reported,
        COALESCE(i.is_applicable, TRUE) AS is_applicable,
        i.weight_micro,
        r.slightly_off_from_micro,
        r.over_from_micro,
        r.band_reached_from_micro,
        r.band_partly_from_micro,
        r.rule_version,
        i.numerator IS NOT NULL OR i.denominator IS NOT NULL AS is_counted,
        -- Words are compared here, once; below only flags are asked. Without a kind they are all NULL: never TRUE.
        i.scored_kind = 'not_assigned' AS is_not_assigned,
        i.scored_kind IN ('working_day_deadline', 'calendar_day_deadline', 'date_deadline') AS is_deadline,
        i.scored_kind = 'date_deadline' AS is_date,
        i.scored_kind = 'qualitative' AS is_qualitative,
        i.scored_kind = 'full_coverage' AS is_coverage,
        i.scored_kind IN (
            'not_below_last_year', 'increase_over_last_year', 'decrease_over_last_year'
        ) AS is_versus_prior,
        i.scored_kind = 'not_below_last_year' AS is_kept_up,
        i.scored_kind = 'increase_over_last_year' AS is_rise,
        i.scored_kind = 'decrease_over_last_year' AS is_fall,
        i.scored_kind IN (
            'at_least', 'at_most', 'more_than', 'less_than', 'equal', 'range', 'full_coverage',
            'not_below_last_year', 'increase_over_last_year', 'decrease_over_last_year'
        ) AS is_number,
        i.scored_kind = 'at_least' AS is_at_least,
        i.scored_kind = 'at_most' AS is_at_most,
        i.scored_kind = 'more_than' AS is_more_than,
        i.scored_kind = 'less_than' AS is_less_than,
        i.scored_kind = 'equal' AS is_equal,
        i.scored_kind = 'range' AS is_range
    FROM score_input AS i
    JOIN rule AS r ON r.rule_version = i.rule_version
),

-- Missing is a state, never a zero: each row that cannot be judged says why.
sorted AS (
    SELECT
        given.*,
        is_versus_prior AND bound IS NOT NULL AND NOT is_kept_up AS is_sized_change,
        CASE
            WHEN NOT is_applicable OR is_not_assigned THEN 'not_applicable'
            WHEN is_deadline THEN
                CASE
                    WHEN done_on IS NULL THEN
                        CASE
                            WHEN due_on IS NULL THEN 'needs_review'
                            WHEN due_on >= as_of_on THEN 'not_due'
                            WHEN NOT is_reported THEN 'not_reported'
                        END
                    WHEN is_date THEN CASE WHEN due_on IS NULL THEN 'needs_review' END
                    WHEN allowed_days IS NULL OR taken_days IS NULL THEN 'needs_review'
                    WHEN allowed_days < 0 OR taken_days < 0 THEN 'needs_review'
                END
            WHEN NOT is_reported THEN CASE WHEN due_on >= as_of_on THEN 'not_due' ELSE 'not_reported' END
            WHEN is_qualitative THEN
                CASE
                    WHEN NOT is_evidenced OR band IS NULL OR band_share IS NULL THEN 'needs_review'
                    WHEN band_share < 0 OR band_share > 100 THEN 'needs_review'
                    -- 80% and 60% belong to the upper band.
                    WHEN band <> CASE
                        WHEN CAST(band_share AS DECIMAL(18, 4)) * 10000 >= band_reached_from_micro THEN 1
                        WHEN CAST(band_share AS DECIMAL(18, 4)) * 10000 >= band_partly_from_micro THEN 2
                        ELSE 3
                    END THEN 'needs_review'
                END
            WHEN NOT COALESCE(is_number, FALSE) THEN 'needs_review'
            WHEN actual_value IS NULL AND NOT is_counted THEN 'not_reported'
            -- Of counts, one alone, a negative one and a part of nothing say nothing; nothing of nothing is no task.
            WHEN
                is_counted AND (numerator IS NULL OR denominator IS NULL OR numerator < 0 OR denominator <= 0)
                THEN CASE WHEN denominator = 0 AND numerator = 0 THEN 'not_applicable' ELSE 'needs_review' END
            WHEN is_coverage THEN CASE WHEN NOT is_counted OR numerator > denominator THEN 'needs_review' END
            WHEN is_versus_prior THEN
                CASE
                    WHEN prior_value IS NULL THEN 'no_baseline'
                    -- Last year at zero cannot fall further.
                    WHEN is_fall AND prior_value = 0 AND COALESCE(numerator, actual_value) <= 0 THEN 'needs_review'
                    -- A share of nothing has no size, of a negative base no direction; 2% of a rate may mean points.
                    WHEN
                        NOT is_kept_up AND bound IS NOT NULL
                        AND (is_counted OR prior_value <= 0 OR bound < 0 OR bound > 1000000) THEN 'needs_review'
                    WHEN is_fall AND bound > 100 THEN 'needs_review'
                    WHEN is_counted AND (prior_value >= 100000000 OR prior_value <= -100000000) THEN 'needs_review'
                END
            WHEN bound IS NULL THEN 'needs_review'
            WHEN is_range AND (upper_bound IS NULL OR upper_bound < bound) THEN 'needs_review'
            -- No rate is bounded by a number of nine digits: the target was not read as it was meant.
            WHEN is_counted AND (bound >= 100000000 OR bound <= -100000000) THEN 'needs_review'
            WHEN is_counted AND is_range AND upper_bound >= 100000000 THEN 'needs_review'
        END AS missing_state
    FROM given
),

-- A rate keeps its denominator as a factor on the other side: 1102/1250 >= 90% is 110200 >= 90 x 1250.
measured AS (
    SELECT
        sorted.*,
        CASE
            WHEN missing_state IS NOT NULL OR is_deadline OR is_qualitative THEN NULL
            WHEN is_coverage THEN CAST(numerator AS DECIMAL(30, 8))
            WHEN is_counted
                THEN CAST(CAST(numerator AS DECIMAL(19, 4)) * CAST(scale AS DECIMAL(4, 0)) AS DECIMAL(30, 8))
            WHEN is_sized_change
                THEN CAST(CAST(actual_value AS DECIMAL(19, 4)) * CAST(100 AS DECIMAL(3, 0)) AS DECIMAL(30, 8))
            ELSE CAST(actual_value AS DECIMAL(30, 8))
        END AS measured
    FROM sorted
),

bounded AS (
    SELECT
        measured.*,
        CASE
            WHEN measured IS NULL THEN NULL
            WHEN is_coverage THEN CAST(denominator AS DECIMAL(30, 8))
            WHEN is_versus_prior THEN
                CASE
                    WHEN is_sized_change AND is_rise
                        THEN
                            CAST(
                                CAST(prior_value AS DECIMAL(19, 4)) * CAST(100 + bound AS DECIMAL(18, 4))
                                AS DECIMAL(30, 8)
                            )
                    WHEN is_sized_change
                        THEN
                            CAST(
                                CAST(prior_value AS DECIMAL(19, 4)) * CAST(100 - bound AS DECIMAL(18, 4))
                                AS DECIMAL(30, 8)
                            )
                    WHEN is_counted THEN CAST(CAST(prior_value AS DECIMAL(19, 4)) * denominator AS DECIMAL(30, 8))
                    ELSE CAST(prior_value AS DECIMAL(30, 8))
                END
            WHEN is_counted THEN CAST(CAST(bound AS DECIMAL(19, 4)) * denominator AS DECIMAL(30, 8))
            ELSE CAST(bound AS DECIMAL(30, 8))
        END AS basis,
        CASE
            WHEN is_range AND measured IS NOT NULL THEN
                CASE
                    WHEN is_counted THEN CAST(CAST(upper_bound AS DECIMAL(19, 4)) * denominator AS DECIMAL(30, 8))
                    ELSE CAST(upper_bound AS DECIMAL(30, 8))
                END
        END AS ceiling_basis,
        -- More or less than the bound, not the bound itself: one unit of the last decimal place beside it.
        CASE
            WHEN is_more_than OR is_less_than OR (is_rise AND bound IS NULL) OR (is_fall AND bound IS NULL) THEN
                CASE WHEN is_counted THEN CAST(0.00000001 AS DECIMAL(30, 8)) ELSE CAST(0.0001 AS DECIMAL(30, 8)) END
        END AS strict_step,
        is_at_most OR is_less_than OR is_fall AS is_downward
    FROM measured
),

limited AS (
    SELECT
        bounded.*,
        CASE
            WHEN strict_step IS NULL THEN basis
            WHEN is_downward THEN CAST(basis - strict_step AS DECIMAL(30, 8))
            ELSE CAST(basis + strict_step AS DECIMAL(30, 8))
        END AS reached_at
    FROM bounded
),

paired AS (
    SELECT
        limited.*,
        CASE
            WHEN measured IS NULL THEN
                CASE
                    WHEN missing_state IS NOT NULL THEN NULL
                    WHEN is_qualitative THEN CAST(band_share AS DECIMAL(30, 8))
                    WHEN done_on IS NULL THEN CAST(0 AS DECIMAL(30, 8))
                    WHEN is_date AND done_on <= due_on THEN CAST(1 AS DECIMAL(30, 8))
                    WHEN is_date THEN CAST(0 AS DECIMAL(30, 8))
                    ELSE CAST(allowed_days AS DECIMAL(30, 8))
                END
            WHEN is_downward THEN reached_at
            -- More than nothing: something is enough, and no ratio to zero is formed.
            WHEN strict_step IS NOT NULL AND basis <= 0
                THEN
                    CASE
                        WHEN measured > basis THEN CAST(1 AS DECIMAL(30, 8)) ELSE CAST(0 AS DECIMAL(30, 8))
                    END
            WHEN is_equal THEN CASE WHEN measured < basis THEN measured ELSE basis END
            WHEN is_range AND measured > ceiling_basis THEN ceiling_basis
            ELSE measured
        END AS achieved,
        CASE
            WHEN measured IS NULL THEN
                CASE
                    WHEN missing_state IS NOT NULL THEN NULL
                    WHEN is_qualitative THEN CAST(100 AS DECIMAL(30, 8))
                    WHEN done_on IS NULL OR is_date THEN CAST(1 AS DECIMAL(30, 8))
                    WHEN taken_days > allowed_days THEN CAST(taken_days AS DECIMAL(30, 8))
                    ELSE CAST(allowed_days AS DECIMAL(30, 8))
                END
            WHEN is_downward THEN CASE WHEN measured > reached_at THEN measured ELSE reached_at END
            WHEN strict_step IS NOT NULL AND basis <= 0 THEN CAST(1 AS DECIMAL(30, 8))
            WHEN is_equal THEN CASE WHEN measured > basis THEN measured ELSE basis END
            WHEN is_range AND measured >= basis THEN measured
            ELSE reached_at
        END AS required,
        -- How far ahead of the bound, in the target's own direction; behind is negative.
        CASE
            WHEN missing_state IS NOT NULL THEN NULL
            WHEN is_deadline AND NOT is_date AND done_on IS NOT NULL
                THEN CAST(allowed_days - taken_days AS DECIMAL(30, 8))
            WHEN measured IS NULL THEN NULL
            WHEN is_downward THEN CAST(basis - measured AS DECIMAL(30, 8))
            WHEN is_equal AND measured > basis THEN CAST(basis - measured AS DECIMAL(30, 8))
            WHEN is_range AND measured > ceiling_basis THEN CAST(ceiling_basis - measured AS DECIMAL(30, 8))
            WHEN is_range AND measured >= basis THEN CAST(0 AS DECIMAL(30, 8))
            ELSE CAST(measured - basis AS DECIMAL(30, 8))
        END AS ahead,
        CASE
            WHEN is_deadline THEN CAST(allowed_days AS DECIMAL(30, 8))
            WHEN is_range AND measured > ceiling_basis THEN ceiling_basis
            ELSE basis
        END AS deviation_basis
    FROM limited
),

judged AS (
    SELECT
        paired.*,
        achieved >= required AS is_met
    FROM paired
),

divided AS (
    SELECT
        judged.*,
        -- The share that a miss has reached; apart from that of the met, so that points are not divided for full marks.
        CASE
            WHEN is_met THEN NULL
            -- What is required of a miss is more than it achieved: beyond this, more than nothing.
            WHEN achieved <= 0 THEN CAST(0 AS DOUBLE)
            ELSE CAST(achieved AS DOUBLE) / CAST(required AS DOUBLE)
        END AS missed_ratio,
        CASE
            WHEN NOT is_met THEN NULL
            WHEN required <= 0 THEN CAST(1 AS DOUBLE)
            ELSE CAST(achieved AS DOUBLE) / CAST(required AS DOUBLE)
        END AS met_ratio,
        CASE
            WHEN deviation_basis > 0 THEN CAST(ahead AS DOUBLE) / CAST(deviation_basis AS DOUBLE)
        END AS deviation,
        CASE
            WHEN measured IS NULL OR is_sized_change THEN NULL
            WHEN is_coverage AND denominator > 0 THEN CAST(ahead AS DOUBLE) * 100 / CAST(denominator AS DOUBLE)
            WHEN scale > 1 AND denominator > 0 THEN CAST(ahead AS DOUBLE) / CAST(denominator AS DOUBLE)
            WHEN scale > 1 THEN CAST(ahead AS DOUBLE)
        END AS gap_points
    FROM judged
),

multiplied AS (
    SELECT
        divided.*,
        CAST(weight_micro AS DOUBLE) * missed_ratio AS points,
        COALESCE(met_ratio, missed_ratio) AS ratio
    FROM divided
),

guessed AS (
    SELECT
        multiplied.*,
        CASE
            WHEN ratio >= 999999 THEN 999999999999
            ELSE CAST(FLOOR(ratio * 1000000) AS BIGINT)
        END AS attainment_guess,
        CAST(FLOOR(points + 0.5) AS BIGINT) AS score_guess
    FROM multiplied
)

SELECT
    document_number,
    recipient_id,
    indicator_no,
    round_id,
    valid_from,
    as_of_on,
    scored_kind,
    CASE
        WHEN missing_state IS NOT NULL THEN missing_state
        WHEN is_qualitative THEN CASE band WHEN 1 THEN 'met' WHEN 2 THEN 'slightly_off' ELSE 'off' END
        WHEN
            is_met AND required > 0 AND (is_at_least OR is_more_than OR is_rise)
            AND achieved * CAST(1000000 AS DECIMAL(7, 0)) >= required * CAST(over_from_micro AS DECIMAL(7, 0))
            THEN 'over'
        WHEN is_met THEN 'met'
        WHEN
            achieved * CAST(1000000 AS DECIMAL(7, 0)) >= required * CAST(slightly_off_from_micro AS DECIMAL(7, 0))
            THEN 'slightly_off'
        ELSE 'off'
    END AS state,
    CAST(achieved AS DECIMAL(38, 8)) AS achieved,
    CAST(required AS DECIMAL(38, 8)) AS required,
    CASE
        WHEN is_met THEN weight_micro
        WHEN missing_state IS NOT NULL THEN NULL
        -- A miss never rounds up to full marks.
        WHEN score_guess >= weight_micro AND weight_micro > 0 THEN weight_micro - 1
        -- The double errs by far less than a thousandth of a micro-point: only that near to a half do the decimals
        -- below have to look, and their products cost more than all else about a miss.
        WHEN points - score_guess > -0.499 AND points - score_guess < 0.499 THEN score_guess
        -- Beyond these sizes the product leaves the decimals; no target of this world gets there.
        WHEN required <= 0 OR achieved <= 0 OR required >= 1000000000000000000 OR weight_micro >= 4000000000
            THEN score_guess
        -- The double may lie a hair beside an exact half, and on another side in 元 than in 万元.
        WHEN
            score_guess + 1 < weight_micro
            AND CAST(achieved AS DECIMAL(27, 8)) * CAST(2 * weight_micro AS DECIMAL(10, 0))
            >= CAST(required AS DECIMAL(27, 8)) * CAST(2 * score_guess + 1 AS DECIMAL(10, 0))
            THEN score_guess + 1
        WHEN
            CAST(achieved AS DECIMAL(27, 8)) * CAST(2 * weight_micro AS DECIMAL(10, 0))
            < CAST(required AS DECIMAL(27, 8)) * CAST(2 * score_guess - 1 AS DECIMAL(10, 0))
            THEN score_guess - 1
        ELSE score_guess
    END AS score_micro,
    weight_micro,
    -- The double may lie a hair beside a whole millionth; decimals decide on which side.
    CASE
        WHEN missing_state IS NOT NULL THEN NULL
        WHEN required <= 0 OR achieved <= 0 OR attainment_guess >= 9999998 THEN attainment_guess
        WHEN
            achieved * CAST(1000000 AS DECIMAL(7, 0)) >= required * CAST(attainment_guess + 1 AS DECIMAL(7, 0))
            THEN attainment_guess + 1
        WHEN
            achieved * CAST(1000000 AS DECIMAL(7, 0)) < required * CAST(attainment_guess AS DECIMAL(7, 0))
            THEN attainment_guess - 1
        ELSE attainment_guess
    END AS attainment_micro,
    CASE
        WHEN deviation >= 999999 THEN 999999999999
        WHEN deviation <= -999999 THEN -999999999999
        ELSE CAST(FLOOR(deviation * 1000000 + 0.5) AS BIGINT)
    END AS deviation_micro,
    CASE
        WHEN gap_points >= 999999 THEN 999999999999
        WHEN gap_points <= -999999 THEN -999999999999
        ELSE CAST(FLOOR(gap_points * 1000000 + 0.5) AS BIGINT)
    END AS gap_points_micro,
    rule_version
FROM guessed;
