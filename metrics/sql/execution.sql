-- query:  execution
-- asks:   how far each unit has spent its money, what that scores, and is it behind the calendar or a milestone
-- grain:  one row per row of unit_standing
-- unit:   元; micro-points; both sides of every rate are given, no rate is rounded
-- params: none; reads unit_standing (recipient_id, rule_version, passed_month, after_yuan, paid_yuan,
--         elapsed_days, year_days …) and the relation rule
-- rule:   score = weight x min(cap, paid / after), half up, exactly; on schedule if
--         paid / after >= elapsed / year - tolerance; behind the milestone if paid / after is below that of the
--         last month which has passed. All compared on decimals, without a division.
-- empty:  score, schedule and milestone are NULL where nothing was reported or there is no money to spend; the
--         milestone also where the rules have none or its month has not passed.
WITH ruled AS (
    SELECT
        u.*,
        u.paid_yuan IS NOT NULL AND COALESCE(u.after_yuan > 0, FALSE) AS is_known,
        r.weight_execution_micro AS execution_weight_micro,
        r.execution_cap_micro,
        r.elapsed_tolerance_micro,
        CASE
            WHEN u.passed_month >= 10 AND r.execution_milestone_10_micro IS NOT NULL
                THEN r.execution_milestone_10_micro
            WHEN u.passed_month >= 8 AND r.execution_milestone_08_micro IS NOT NULL
                THEN r.execution_milestone_08_micro
            WHEN u.passed_month >= 6 AND r.execution_milestone_06_micro IS NOT NULL
                THEN r.execution_milestone_06_micro
            WHEN u.passed_month >= 4 AND r.execution_milestone_04_micro IS NOT NULL
                THEN r.execution_milestone_04_micro
        END AS milestone_micro
    FROM unit_standing AS u
    JOIN rule AS r ON r.rule_version = u.rule_version
),

compared AS (
    SELECT
        ruled.*,
        -- The most that the rules give; without a cap more than the whole may count.
        CASE
            WHEN execution_cap_micro IS NOT NULL
                THEN CAST(FLOOR(CAST(execution_weight_micro AS DOUBLE) * execution_cap_micro / 1000000) AS BIGINT)
        END AS cap_score_micro,
        CAST(paid_yuan AS DECIMAL(24, 2)) * 1000000
        >= CAST(after_yuan AS DECIMAL(24, 2)) * execution_cap_micro AS is_capped,
        CAST(paid_yuan AS DECIMAL(24, 2)) >= CAST(after_yuan AS DECIMAL(24, 2)) AS is_spent,
        CASE
            WHEN is_known
                THEN CAST(
                    FLOOR(execution_weight_micro * (CAST(paid_yuan AS DOUBLE) / CAST(after_yuan AS DOUBLE)) + 0.5)
                    AS BIGINT
                )
        END AS guess
    FROM ruled
),

-- The double may lie a hair beside an exact half; decimals decide on which side.
rounded AS (
    SELECT
        compared.*,
        CASE
            WHEN guess <= 0 OR guess >= 4000000000 THEN guess
            WHEN
                CAST(paid_yuan AS DECIMAL(19, 2)) * CAST(2 * execution_weight_micro AS DECIMAL(12, 0))
                >= CAST(after_yuan AS DECIMAL(19, 2)) * CAST(2 * guess + 1 AS DECIMAL(12, 0))
                THEN guess + 1
            WHEN
                CAST(paid_yuan AS DECIMAL(19, 2)) * CAST(2 * execution_weight_micro AS DECIMAL(12, 0))
                < CAST(after_yuan AS DECIMAL(19, 2)) * CAST(2 * guess - 1 AS DECIMAL(12, 0))
                THEN guess - 1
            ELSE guess
        END AS raw_score_micro
    FROM compared
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
    CASE
        WHEN NOT is_known OR execution_weight_micro IS NULL THEN NULL
        WHEN paid_yuan <= 0 THEN 0
        WHEN is_capped THEN cap_score_micro
        -- What stays below a border never rounds up to it.
        WHEN raw_score_micro >= cap_score_micro THEN cap_score_micro - 1
        WHEN NOT is_spent AND raw_score_micro >= execution_weight_micro THEN execution_weight_micro - 1
        ELSE raw_score_micro
    END AS execution_score_micro,
    execution_weight_micro,
    CASE
        WHEN NOT is_known THEN NULL
        WHEN CAST(paid_yuan AS DECIMAL(24, 2)) * year_days * 1000000
            >= CAST(after_yuan AS DECIMAL(24, 2))
            * (elapsed_days * 1000000 - COALESCE(elapsed_tolerance_micro, 0) * year_days)
            THEN TRUE
        ELSE FALSE
    END AS is_money_moving,
    milestone_micro,
    CASE
        WHEN NOT is_known OR milestone_micro IS NULL THEN NULL
        WHEN CAST(paid_yuan AS DECIMAL(24, 2)) * 1000000 < CAST(after_yuan AS DECIMAL(24, 2)) * milestone_micro
            THEN TRUE
        ELSE FALSE
    END AS is_behind_milestone
FROM rounded;
