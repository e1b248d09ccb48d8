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
        i.scored_kind IN ('working_day_deadline', 'calendar_day_deadline', 'date_deadline') AS is_deadline,
        i.scored_kind IN (
            'not_below_last_year', 'increase_over_last_year', 'decrease_over_last_year'
        ) AS is_versus_prior,
        i.scored_kind IN ('at_least', 'at_most', 'more_than', 'less_than', 'equal', 'range') AS is_bounded
    FROM score_input AS i
    JOIN rule AS r ON r.rule_version = i.rule_version
),

-- Missing is a state, never a zero: each row that cannot be judged says why.
sorted AS (
    SELECT
        given.*,
        CASE
            WHEN NOT is_applicable OR scored_kind = 'not_assigned' THEN 'not_applicable'
            WHEN is_deadline AND done_on IS NULL THEN
                CASE
                    WHEN due_on IS NULL THEN 'needs_review'
                    WHEN due_on >= as_of_on THEN 'not_due'
                    WHEN NOT is_reported THEN 'not_reported'
                END
            WHEN scored_kind = 'date_deadline' THEN
                CASE WHEN due_on IS NULL THEN 'needs_review' END
            WHEN is_deadline THEN
                CASE
                    WHEN allowed_days IS NULL OR taken_days IS NULL THEN 'needs_review'
                    WHEN allowed_days < 0 OR taken_days < 0 THEN 'needs_review'
                END
            WHEN NOT is_reported AND due_on >= as_of_on THEN 'not_due'
            WHEN NOT is_reported THEN 'not_reported'
            WHEN scored_kind = 'qualitative' THEN
                CASE
                    WHEN NOT is_evidenced OR band IS NULL OR band_share IS NULL THEN 'needs_review'
                    WHEN band NOT IN (1, 2, 3) OR band_share < 0 OR band_share > 100 THEN 'needs_review'
                    -- 80% and 60% belong to the upper band.
                    WHEN band <> CASE
                        WHEN CAST(band_share AS DECIMAL(18, 4)) * 10000 >= band_reached_from_micro THEN 1
                        WHEN CAST(band_share AS DECIMAL(18, 4)) * 10000 >= band_partly_from_micro THEN 2
                        ELSE 3
                    END THEN 'needs_review'
                END
            WHEN NOT COALESCE(is_bounded OR is_versus_prior OR scored_kind = 'full_coverage', FALSE) THEN 'needs_review'
            WHEN NOT is_counted AND actual_value IS NULL THEN 'not_reported'
            WHEN is_counted AND (numerator IS NULL OR denominator IS NULL) THEN 'needs_review'
            WHEN is_counted AND (numerator < 0 OR denominator < 0) THEN 'needs_review'
            WHEN is_counted AND denominator = 0 AND numerator = 0 THEN 'not_applicable'
            WHEN is_counted AND denominator = 0 THEN 'needs_review'
            WHEN scored_kind = 'full_coverage' THEN
                CASE WHEN NOT is_counted OR numerator > denominator THEN 'needs_review' END
            WHEN is_versus_prior THEN
                CASE
                    WHEN prior_value IS NULL THEN 'no_baseline'
                    -- Last year at zero cannot fall further.
                    WHEN
                        scored_kind = 'decrease_over_last_year' AND prior_value = 0
                        AND COALESCE(numerator, actual_value) <= 0 THEN 'needs_review'
                    -- A share of nothing has no size, of a negative base no direction; 2% of a rate may mean points.
                    WHEN
                        scored_kind <> 'not_below_last_year' AND bound IS NOT NULL
                        AND (is_counted OR prior_value <= 0 OR bound < 0 OR bound > 1000000) THEN 'needs_review'
                    WHEN scored_kind = 'decrease_over_last_year' AND bound > 100 THEN 'needs_review'
                    WHEN is_counted AND (prior_value >= 100000000 OR prior_value <= -100000000) THEN 'needs_review'
                END
            WHEN bound IS NULL THEN 'needs_review'
            WHEN scored_kind = 'range' AND (upper_bound IS NULL OR upper_bound < bound) THEN 'needs_review'
            -- No rate is bounded by a number of nine digits: the target was not read as it was meant.
            WHEN is_counted AND (bound >= 100000000 OR bound <= -100000000) THEN 'needs_review'
            WHEN is_counted AND scored_kind = 'range' AND upper_bound >= 100000000 THEN 'needs_review'
        END AS missing_state
    FROM given
),

-- A rate keeps its denominator as a factor on the other side: 1102/1250 >= 90% is 110200 >= 90 x 1250.
measured AS (
    SELECT
        sorted.*,
        is_versus_prior AND bound IS NOT NULL AND scored_kind <> 'not_below_last_year' AS is_sized_change,
        CASE
            WHEN missing_state IS NOT NULL OR is_deadline OR scored_kind = 'qualitative' THEN NULL
            WHEN scored_kind = 'full_coverage' THEN CAST(numerator AS DECIMAL(30, 8))
            WHEN is_counted
                THEN CAST(CAST(numerator AS DECIMAL(19, 4)) * CAST(scale AS DECIMAL(4, 0)) AS DECIMAL(30, 8))
            WHEN is_versus_prior AND bound IS NOT NULL AND scored_kind <> 'not_below_last_year'
                THEN CAST(CAST(actual_value AS DECIMAL(19, 4)) * CAST(100 AS DECIMAL(3, 0)) AS DECIMAL(30, 8))
            ELSE CAST(actual_value AS DECIMAL(30, 8))
        END AS measured,
        CASE WHEN is_counted THEN denominator ELSE CAST(1 AS DECIMAL(18, 4)) END AS factor
    FROM sorted
),

bounded AS (
    SELECT
        measured.*,
        CASE
            WHEN measured IS NULL THEN NULL
            WHEN scored_kind = 'full_coverage' THEN CAST(denominator AS DECIMAL(30, 8))
            WHEN is_sized_change AND scored_kind = 'increase_over_last_year'
                THEN CAST(CAST(prior_value AS DECIMAL(19, 4)) * CAST(100 + bound AS DECIMAL(18, 4)) AS DECIMAL(30, 8))
            WHEN is_sized_change
                THEN CAST(CAST(prior_value AS DECIMAL(19, 4)) * CAST(100 - bound AS DECIMAL(18, 4)) AS DECIMAL(30, 8))
            WHEN is_versus_prior THEN CAST(CAST(prior_value AS DECIMAL(19, 4)) * factor AS DECIMAL(30, 8))
            ELSE CAST(CAST(bound AS DECIMAL(19, 4)) * factor AS DECIMAL(30, 8))
        END AS basis,
        CASE
            WHEN measured IS NOT NULL AND scored_kind = 'range'
                THEN CAST(CAST(upper_bound AS DECIMAL(19, 4)) * factor AS DECIMAL(30, 8))
        END AS ceiling_basis,
        CASE
            WHEN is_counted THEN CAST(0.00000001 AS DECIMAL(30, 8)) ELSE CAST(0.0001 AS DECIMAL(30, 8))
        END AS one_step,
        scored_kind = 'more_than'
        OR (scored_kind = 'increase_over_last_year' AND bound IS NULL) AS is_strictly_up,
        scored_kind = 'less_than'
        OR (scored_kind = 'decrease_over_last_year' AND bound IS NULL) AS is_strictly_down,
        scored_kind IN ('at_most', 'less_than', 'decrease_over_last_year') AS is_downward
    FROM measured
),

limited AS (
    SELECT
        bounded.*,
        CASE
            WHEN is_strictly_down THEN CAST(basis - one_step AS DECIMAL(30, 8)) ELSE basis
        END AS limit_down
    FROM bounded
),

paired AS (
    SELECT
        limited.*,
        CASE
            WHEN missing_state IS NOT NULL THEN NULL
            WHEN scored_kind = 'qualitative' THEN CAST(band_share AS DECIMAL(30, 8))
            WHEN is_deadline AND done_on IS NULL THEN CAST(0 AS DECIMAL(30, 8))
            WHEN scored_kind = 'date_deadline'
                THEN CASE WHEN done_on <= due_on THEN CAST(1 AS DECIMAL(30, 8)) ELSE CAST(0 AS DECIMAL(30, 8)) END
            WHEN is_deadline THEN CAST(allowed_days AS DECIMAL(30, 8))
            WHEN is_downward THEN limit_down
            -- More than nothing: something is enough, and no ratio to zero is formed.
            WHEN is_strictly_up AND basis <= 0
                THEN
                    CASE
                        WHEN measured > basis THEN CAST(1 AS DECIMAL(30, 8)) ELSE CAST(0 AS DECIMAL(30, 8))
                    END
            WHEN scored_kind = 'equal' THEN CASE WHEN measured < basis THEN measured ELSE basis END
            WHEN scored_kind = 'range' AND measured > ceiling_basis THEN ceiling_basis
            ELSE measured
        END AS achieved,
        CASE
            WHEN missing_state IS NOT NULL THEN NULL
            WHEN scored_kind = 'qualitative' THEN CAST(100 AS DECIMAL(30, 8))
            WHEN is_deadline AND (done_on IS NULL OR scored_kind = 'date_deadline') THEN CAST(1 AS DECIMAL(30, 8))
            WHEN is_deadline
                THEN CAST(CASE WHEN taken_days > allowed_days THEN taken_days ELSE allowed_days END AS DECIMAL(30, 8))
            WHEN is_downward THEN CASE WHEN measured > limit_down THEN measured ELSE limit_down END
            WHEN is_strictly_up AND basis <= 0 THEN CAST(1 AS DECIMAL(30, 8))
            WHEN is_strictly_up THEN CAST(basis + one_step AS DECIMAL(30, 8))
            WHEN scored_kind = 'equal' THEN CASE WHEN measured > basis THEN measured ELSE basis END
            WHEN scored_kind = 'range' AND measured >= basis THEN measured
            ELSE basis
        END AS required,
        -- How far ahead of the bound, in the target's own direction; behind is negative.
        CASE
            WHEN missing_state IS NOT NULL THEN NULL
            WHEN scored_kind IN ('working_day_deadline', 'calendar_day_deadline') AND done_on IS NOT NULL
                THEN CAST(allowed_days - taken_days AS DECIMAL(30, 8))
            WHEN measured IS NULL THEN NULL
            WHEN is_downward THEN CAST(basis - measured AS DECIMAL(30, 8))
            WHEN scored_kind = 'equal' AND measured > basis THEN CAST(basis - measured AS DECIMAL(30, 8))
            WHEN scored_kind = 'range' AND measured > ceiling_basis
                THEN CAST(ceiling_basis - measured AS DECIMAL(30, 8))
            WHEN scored_kind = 'range' AND measured >= basis THEN CAST(0 AS DECIMAL(30, 8))
            ELSE CAST(measured - basis AS DECIMAL(30, 8))
        END AS ahead,
        CASE
            WHEN is_deadline THEN CAST(allowed_days AS DECIMAL(30, 8))
            WHEN scored_kind = 'range' AND measured > ceiling_basis THEN ceiling_basis
            ELSE basis
        END AS deviation_basis
    FROM limited
),

divided AS (
    SELECT
        paired.*,
        achieved >= required AS is_met,
        CASE
            WHEN missing_state IS NOT NULL THEN NULL
            WHEN required <= 0
                THEN CASE WHEN achieved >= required THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END
            WHEN achieved <= 0 THEN CAST(0 AS DOUBLE)
            ELSE CAST(achieved AS DOUBLE) / CAST(required AS DOUBLE)
        END AS ratio,
        CASE
            WHEN deviation_basis > 0 THEN CAST(ahead AS DOUBLE) / CAST(deviation_basis AS DOUBLE)
        END AS deviation,
        CASE
            WHEN measured IS NULL OR is_sized_change THEN NULL
            WHEN scored_kind = 'full_coverage' AND factor > 0
                THEN CAST(ahead AS DOUBLE) * 100 / CAST(factor AS DOUBLE)
            WHEN scale > 1 AND factor > 0 THEN CAST(ahead AS DOUBLE) / CAST(factor AS DOUBLE)
        END AS gap_points
    FROM paired
),

guessed AS (
    SELECT
        divided.*,
        CASE
            WHEN ratio >= 999999 THEN 999999999999
            ELSE CAST(FLOOR(ratio * 1000000) AS BIGINT)
        END AS attainment_guess,
        CASE
            WHEN is_met THEN weight_micro
            ELSE CAST(FLOOR(CAST(weight_micro AS DOUBLE) * ratio + 0.5) AS BIGINT)
        END AS score_guess
    FROM divided
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
        WHEN scored_kind = 'qualitative' THEN CASE band WHEN 1 THEN 'met' WHEN 2 THEN 'slightly_off' ELSE 'off' END
        WHEN
            is_met AND required > 0 AND scored_kind IN ('at_least', 'more_than', 'increase_over_last_year')
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
        WHEN missing_state IS NOT NULL THEN NULL
        WHEN is_met THEN weight_micro
        -- A miss never rounds up to full marks.
        WHEN score_guess >= weight_micro AND weight_micro > 0 THEN weight_micro - 1
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
