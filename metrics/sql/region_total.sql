-- query:  region_total
-- asks:   how many points of 100 the prefecture has, and which grade, if enough of it is behind them
-- grain:  one row per round
-- unit:   micro-points; coverage in millionths of the whole weight, cut off
-- params: none; reads total (total.sql over region_standing), region_coverage and the relation rule
-- rule:   covered weight = weights of the indicators x units counted of those to which they apply + weight of the
--         execution x money of the units that reported of all money; graded from the coverage that the rules ask for
--         on. Compared on decimals, without a division.
-- empty:  the grade is NULL below the coverage, and where total.sql gives none; the points stay.
WITH beside AS (
    SELECT
        t.*,
        c.common_count,
        c.covered_micro,
        c.base_yuan,
        c.released_yuan,
        c.whole_micro
        + CASE WHEN t.after_yuan > 0 THEN CAST(t.execution_weight_micro AS DECIMAL(9, 0)) * c.common_count ELSE 0 END
            AS whole_micro,
        CASE
            WHEN t.execution_score_micro IS NOT NULL AND c.released_yuan > 0
                THEN CAST(CAST(t.execution_weight_micro AS DECIMAL(9, 0)) * c.common_count AS DECIMAL(16, 0))
            ELSE CAST(0 AS DECIMAL(16, 0))
        END AS execution_micro,
        r.coverage_from_micro
    FROM total AS t
    JOIN rule AS r ON r.rule_version = t.rule_version
    LEFT JOIN region_coverage AS c ON c.document_number = t.document_number AND c.round_id = t.round_id
),

-- What the indicators leave for the execution to cover, in millionths.
asked AS (
    SELECT
        beside.*,
        CAST(
            CAST(whole_micro AS DECIMAL(16, 0)) * CAST(COALESCE(coverage_from_micro, 0) AS DECIMAL(7, 0))
            - CAST(covered_micro AS DECIMAL(16, 0)) * CAST(1000000 AS DECIMAL(7, 0)) AS DECIMAL(22, 0)
        ) AS open_micro,
        CAST(execution_micro * CAST(1000000 AS DECIMAL(7, 0)) AS DECIMAL(22, 0)) AS most_micro
    FROM beside
),

compared AS (
    SELECT
        asked.*,
        CASE
            WHEN open_micro <= 0 THEN TRUE
            WHEN open_micro > most_micro THEN FALSE
            ELSE COALESCE(most_micro * base_yuan >= open_micro * released_yuan, FALSE)
        END AS is_covered,
        CASE
            WHEN whole_micro > 0
                THEN CAST(
                    FLOOR(
                        (
                            CAST(covered_micro AS DOUBLE)
                            + CASE
                                WHEN execution_micro > 0
                                    THEN CAST(execution_micro AS DOUBLE)
                                    * (CAST(base_yuan AS DOUBLE) / CAST(released_yuan AS DOUBLE))
                                ELSE 0
                            END
                        ) * 1000000 / CAST(whole_micro AS DOUBLE)
                    ) AS BIGINT
                )
        END AS guess
    FROM asked
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
    CASE WHEN is_covered THEN grade END AS grade,
    -- The double may lie a hair beside the border that was compared exactly.
    CASE
        WHEN is_covered AND guess < coverage_from_micro THEN coverage_from_micro
        WHEN NOT is_covered AND guess >= coverage_from_micro THEN coverage_from_micro - 1
        ELSE guess
    END AS coverage_micro,
    is_covered,
    coverage_from_micro
FROM compared
ORDER BY document_number, round_id;
