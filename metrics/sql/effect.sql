-- query:  effect
-- asks:   for each unit, did the money move and did it have its effect (花钱必问效): one of five states
-- grain:  one row per row of unit_standing
-- unit:   元; micro-points; both sides of every rate are given, no rate is rounded
-- params: none; reads unit_standing (recipient_id, rule_version, is_reported, after_yuan, paid_yuan, elapsed_days,
--         year_days, score_micro, scored_weight_micro, weight_micro) and the relation rule
WITH judged AS (
    SELECT
        u.*,
        r.weight_execution_micro AS execution_weight_micro,
        -- On schedule: paid ÷ after ≥ elapsed ÷ year − tolerance, without a division.
        CASE
            WHEN u.paid_yuan IS NULL OR u.after_yuan IS NULL OR u.after_yuan <= 0 THEN NULL
            WHEN CAST(u.paid_yuan AS DECIMAL(24, 2)) * u.year_days * 1000000
                >= CAST(u.after_yuan AS DECIMAL(24, 2))
                * (u.elapsed_days * 1000000 - r.elapsed_tolerance_micro * u.year_days)
                THEN TRUE
            ELSE FALSE
        END AS is_money_moving,
        -- Judged only where enough of the weight could be scored at all.
        CASE
            WHEN u.scored_weight_micro * 1000000 < u.weight_micro * r.coverage_from_micro THEN NULL
            WHEN u.scored_weight_micro = 0 THEN NULL
            WHEN u.score_micro * 1000000 >= u.scored_weight_micro * r.effect_from_micro THEN TRUE
            ELSE FALSE
        END AS is_effective
    FROM unit_standing AS u
    JOIN rule AS r ON r.rule_version = u.rule_version
)

SELECT
    recipient_id,
    is_reported,
    after_yuan,
    paid_yuan,
    elapsed_days,
    year_days,
    score_micro,
    scored_weight_micro,
    weight_micro,
    CASE
        WHEN paid_yuan IS NULL OR after_yuan IS NULL OR after_yuan <= 0 THEN NULL
        WHEN paid_yuan <= 0 THEN 0
        WHEN paid_yuan >= after_yuan THEN execution_weight_micro
        -- As in score.sql: what is not paid in full never rounds up to full marks.
        WHEN FLOOR(execution_weight_micro * (CAST(paid_yuan AS DOUBLE) / CAST(after_yuan AS DOUBLE)) + 0.5)
            >= execution_weight_micro
            THEN execution_weight_micro - 1
        ELSE CAST(
            FLOOR(execution_weight_micro * (CAST(paid_yuan AS DOUBLE) / CAST(after_yuan AS DOUBLE)) + 0.5)
            AS BIGINT
        )
    END AS execution_score_micro,
    execution_weight_micro,
    is_money_moving,
    is_effective,
    CASE
        WHEN is_money_moving IS NULL OR is_effective IS NULL THEN 'unknown'
        WHEN is_money_moving AND is_effective THEN 'effective'
        WHEN is_money_moving THEN 'money_without_effect'
        WHEN is_effective THEN 'effect_ahead_of_money'
        ELSE 'both_behind'
    END AS effect_state
FROM judged;
