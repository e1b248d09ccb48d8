-- query:  total
-- asks:   how many points of 100 each unit (or the prefecture) has with its execution, and which grade that is
-- grain:  one row per row of execution
-- unit:   micro-points; points_micro is out of 100 points of what could be scored, floored
-- params: none; reads execution (execution.sql over the standings of units, or of the prefecture) and the
--         relation rule
-- rule:   points = total score x 100 / scored weight; a grade begins at its limit and ends below the next one.
--         The floor is exact and the limits are whole micro-points, so that comparing it compares the fraction.
-- empty:  points are NULL where nothing was scored; the grade also where the scored weight is less of the whole
--         than the rules ask for. Execution is no part of the whole where there is no money to spend.
WITH added AS (
    SELECT
        e.*,
        e.score_micro + COALESCE(e.execution_score_micro, 0) AS total_score_micro,
        e.scored_weight_micro
        + CASE WHEN e.execution_score_micro IS NULL THEN 0 ELSE e.execution_weight_micro END AS total_scored_weight_micro,
        e.weight_micro
        + CASE WHEN COALESCE(e.after_yuan > 0, FALSE) THEN COALESCE(e.execution_weight_micro, 0) ELSE 0 END
            AS total_weight_micro,
        r.grade_excellent_from_micro,
        r.grade_good_from_micro,
        r.grade_fair_from_micro,
        r.coverage_from_micro
    FROM execution AS e
    JOIN rule AS r ON r.rule_version = e.rule_version
),

guessed AS (
    SELECT
        added.*,
        CASE
            WHEN total_scored_weight_micro > 0
                THEN CAST(
                    FLOOR(CAST(total_score_micro AS DOUBLE) * 100000000 / CAST(total_scored_weight_micro AS DOUBLE))
                    AS BIGINT
                )
        END AS guess
    FROM added
),

floored AS (
    SELECT
        guessed.*,
        CASE
            WHEN (guess + 1) * total_scored_weight_micro <= total_score_micro * 100000000 THEN guess + 1
            WHEN guess * total_scored_weight_micro > total_score_micro * 100000000 THEN guess - 1
            ELSE guess
        END AS points_micro
    FROM guessed
)

SELECT
    document_number,
    round_id,
    recipient_id,
    rule_version,
    is_reported,
    after_yuan,
    paid_yuan,
    score_micro,
    scored_weight_micro,
    weight_micro,
    execution_score_micro,
    execution_weight_micro,
    milestone_micro,
    is_behind_milestone,
    total_score_micro,
    total_scored_weight_micro,
    total_weight_micro,
    points_micro,
    CASE
        WHEN points_micro IS NULL OR grade_fair_from_micro IS NULL THEN NULL
        WHEN total_scored_weight_micro * 1000000 < total_weight_micro * coverage_from_micro THEN NULL
        WHEN points_micro >= grade_excellent_from_micro THEN 'excellent'
        WHEN points_micro >= grade_good_from_micro THEN 'good'
        WHEN points_micro >= grade_fair_from_micro THEN 'fair'
        ELSE 'poor'
    END AS grade
FROM floored
ORDER BY document_number, round_id, recipient_id;
