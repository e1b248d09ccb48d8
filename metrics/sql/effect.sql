-- query:  effect
-- asks:   for each unit, did the money move and did it have its effect (花钱必问效): one of five states, and how
--         far the two lie apart
-- grain:  one row per row of execution
-- unit:   as execution; gap in millionths, effect rate less execution rate: cut off towards zero, but away from it
--         where the gap is wide, so that the figure never says less than the flag
-- params: none; reads execution (execution.sql over unit_standing) and the relation rule
-- empty:  effect and gap are NULL where too little of the weight could be scored to judge at all
WITH judged AS (
    SELECT
        e.*,
        -- Judged only where enough of the weight could be scored at all.
        CASE
            WHEN e.scored_weight_micro * 1000000 < e.weight_micro * r.coverage_from_micro THEN NULL
            WHEN e.scored_weight_micro = 0 OR r.effect_from_micro IS NULL THEN NULL
            WHEN e.score_micro * 1000000 >= e.scored_weight_micro * r.effect_from_micro THEN TRUE
            ELSE FALSE
        END AS is_effective,
        r.dual_gap_limit_micro,
        -- score / scored weight - paid / after, as two sides of one fraction.
        CAST(CAST(e.score_micro AS DECIMAL(12, 0)) * CAST(e.after_yuan AS DECIMAL(19, 2)) AS DECIMAL(30, 2))
        - CAST(CAST(e.scored_weight_micro AS DECIMAL(12, 0)) * CAST(e.paid_yuan AS DECIMAL(19, 2)) AS DECIMAL(30, 2))
            AS gap_upper,
        CAST(CAST(e.scored_weight_micro AS DECIMAL(12, 0)) * CAST(e.after_yuan AS DECIMAL(19, 2)) AS DECIMAL(30, 2))
            AS gap_lower
    FROM execution AS e
    JOIN rule AS r ON r.rule_version = e.rule_version
),

measured AS (
    SELECT
        judged.*,
        is_money_moving IS NOT NULL AND is_effective IS NOT NULL AS is_comparable,
        CAST(CASE WHEN gap_upper < 0 THEN -gap_upper ELSE gap_upper END AS DECIMAL(31, 2)) AS gap_size
    FROM judged
),

guessed AS (
    SELECT
        measured.*,
        CASE
            WHEN is_comparable THEN CAST(FLOOR(CAST(gap_size AS DOUBLE) * 1000000 / CAST(gap_lower AS DOUBLE)) AS BIGINT)
        END AS gap_guess,
        CASE
            WHEN NOT is_comparable OR dual_gap_limit_micro IS NULL THEN NULL
            WHEN gap_size * CAST(1000000 AS DECIMAL(7, 0))
                > gap_lower * CAST(dual_gap_limit_micro AS DECIMAL(7, 0))
                THEN TRUE
            ELSE FALSE
        END AS is_gap_wide
    FROM measured
),

-- The double may lie a hair beside a whole millionth; beyond nine times the whole it does not matter.
floored AS (
    SELECT
        guessed.*,
        CASE
            WHEN gap_guess >= 9000000 THEN gap_guess
            WHEN
                gap_lower * CAST(gap_guess + 1 AS DECIMAL(8, 0)) <= gap_size * CAST(1000000 AS DECIMAL(7, 0))
                THEN gap_guess + 1
            WHEN gap_lower * CAST(gap_guess AS DECIMAL(8, 0)) > gap_size * CAST(1000000 AS DECIMAL(7, 0))
                THEN gap_guess - 1
            ELSE gap_guess
        END AS gap_floor
    FROM guessed
),

sized AS (
    SELECT
        floored.*,
        CASE
            WHEN NOT COALESCE(is_gap_wide, FALSE) OR gap_floor >= 9000000 THEN gap_floor
            WHEN gap_lower * CAST(gap_floor AS DECIMAL(8, 0)) = gap_size * CAST(1000000 AS DECIMAL(7, 0)) THEN gap_floor
            ELSE gap_floor + 1
        END AS size_micro
    FROM floored
)

SELECT
    document_number,
    round_id,
    recipient_id,
    rule_version,
    period_month,
    is_reported,
    after_yuan,
    paid_yuan,
    elapsed_days,
    year_days,
    score_micro,
    scored_weight_micro,
    weight_micro,
    execution_score_micro,
    execution_weight_micro,
    is_money_moving,
    milestone_micro,
    is_behind_milestone,
    is_effective,
    CASE WHEN gap_upper < 0 THEN -size_micro ELSE size_micro END AS gap_micro,
    dual_gap_limit_micro,
    is_gap_wide,
    CASE
        WHEN NOT is_comparable THEN 'unknown'
        WHEN is_money_moving AND is_effective THEN 'effective'
        WHEN is_money_moving THEN 'money_without_effect'
        WHEN is_effective THEN 'effect_ahead_of_money'
        ELSE 'both_behind'
    END AS effect_state
FROM sized;
