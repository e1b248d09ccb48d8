-- query:  region_standing
-- asks:   what the prefecture as a whole got, paid and scored in a round, in the columns of unit_standing
-- grain:  one row per round
-- unit:   元; micro-points
-- params: none; reads region_score (score.sql over rollup.sql) and unit_standing
-- rule:   execution has the money of the units that reported their payments on both sides; the others are left out
WITH money AS (
    SELECT
        document_number,
        round_id,
        rule_version,
        period_month,
        passed_month,
        elapsed_days,
        year_days,
        CAST(SUM(CASE WHEN paid_yuan IS NOT NULL THEN after_yuan END) AS DECIMAL(18, 2)) AS base_yuan,
        CAST(SUM(after_yuan) AS DECIMAL(18, 2)) AS released_yuan,
        CAST(SUM(paid_yuan) AS DECIMAL(18, 2)) AS paid_yuan,
        COUNT(paid_yuan) AS reported_count
    FROM unit_standing
    GROUP BY document_number, round_id, rule_version, period_month, passed_month, elapsed_days, year_days
),

effect AS (
    SELECT
        document_number,
        round_id,
        SUM(COALESCE(score_micro, 0)) AS score_micro,
        SUM(CASE WHEN score_micro IS NOT NULL THEN weight_micro ELSE 0 END) AS scored_weight_micro,
        SUM(CASE WHEN state <> 'not_applicable' THEN weight_micro ELSE 0 END) AS weight_micro
    FROM region_score
    GROUP BY document_number, round_id
)

SELECT
    m.document_number,
    m.round_id,
    'region' AS recipient_id,
    m.rule_version,
    m.period_month,
    m.passed_month,
    m.reported_count > 0 AS is_reported,
    -- Nobody reported: the money is there, its payment is not known.
    CASE WHEN m.reported_count > 0 THEN m.base_yuan ELSE m.released_yuan END AS after_yuan,
    m.paid_yuan,
    m.elapsed_days,
    m.year_days,
    CAST(COALESCE(e.score_micro, 0) AS BIGINT) AS score_micro,
    CAST(COALESCE(e.scored_weight_micro, 0) AS BIGINT) AS scored_weight_micro,
    CAST(COALESCE(e.weight_micro, 0) AS BIGINT) AS weight_micro
FROM money AS m
LEFT JOIN effect AS e ON e.document_number = m.document_number AND e.round_id = m.round_id;
