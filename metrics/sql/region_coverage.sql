-- query:  region_coverage
-- asks:   how much of the prefecture is behind its total: the units that count, indicator by indicator, and the
--         money of those that reported their payments
-- grain:  one row per round
-- unit:   covered_micro and whole_micro in micro-points times common_count, to be divided by it; 元
-- params: none; reads region_score (score.sql over rollup.sql), rollup_part and unit_standing
-- rule:   an indicator is covered by the units counted of those to which it applies, where it has a score at all.
--         The shares are brought to one denominator, so that they add up without a rounding; only where that
--         would be beyond a million are they cut off to millionths, which never helps.
WITH counted AS (
    SELECT
        document_number,
        round_id,
        indicator_no,
        SUM(CASE WHEN is_counted THEN 1 ELSE 0 END) AS counted_count,
        SUM(CASE WHEN is_counted OR state <> 'not_applicable' THEN 1 ELSE 0 END) AS applicable_count
    FROM rollup_part
    GROUP BY document_number, round_id, indicator_no
),

-- LN and EXP only find the product of a few small whole numbers: below a million it is exact once rounded.
common AS (
    SELECT
        document_number,
        round_id,
        CASE
            WHEN SUM(LN(applicable_count)) < 13.8 THEN ROUND(EXP(SUM(LN(applicable_count))), 0)
            ELSE CAST(1000000 AS DOUBLE)
        END AS common_count
    FROM (
        SELECT DISTINCT
            document_number,
            round_id,
            CASE WHEN applicable_count > 0 THEN applicable_count ELSE 1 END AS applicable_count
        FROM counted
    ) AS each
    GROUP BY document_number, round_id
),

covered AS (
    SELECT
        s.document_number,
        s.round_id,
        CAST(MAX(m.common_count) AS DECIMAL(7, 0)) AS common_count,
        SUM(
            CASE
                WHEN s.score_micro IS NULL THEN CAST(0 AS DECIMAL(18, 0))
                ELSE
                    CAST(s.weight_micro AS DECIMAL(10, 0))
                    * CAST(FLOOR(m.common_count * c.counted_count / c.applicable_count) AS DECIMAL(7, 0))
            END
        ) AS covered_micro,
        SUM(
            CASE
                WHEN s.state = 'not_applicable' THEN CAST(0 AS DECIMAL(18, 0))
                ELSE CAST(s.weight_micro AS DECIMAL(10, 0)) * CAST(m.common_count AS DECIMAL(7, 0))
            END
        ) AS whole_micro
    FROM region_score AS s
    JOIN common AS m ON m.document_number = s.document_number AND m.round_id = s.round_id
    JOIN counted AS c
        ON c.document_number = s.document_number AND c.round_id = s.round_id AND c.indicator_no = s.indicator_no
    GROUP BY s.document_number, s.round_id
),

money AS (
    SELECT
        document_number,
        round_id,
        SUM(CASE WHEN paid_yuan IS NOT NULL THEN after_yuan END) AS base_yuan,
        SUM(after_yuan) AS released_yuan
    FROM unit_standing
    GROUP BY document_number, round_id
)

SELECT
    c.document_number,
    c.round_id,
    c.common_count,
    CAST(c.covered_micro AS DECIMAL(18, 0)) AS covered_micro,
    CAST(c.whole_micro AS DECIMAL(18, 0)) AS whole_micro,
    CAST(COALESCE(m.base_yuan, 0) AS DECIMAL(16, 2)) AS base_yuan,
    CAST(m.released_yuan AS DECIMAL(16, 2)) AS released_yuan
FROM covered AS c
JOIN money AS m ON m.document_number = c.document_number AND m.round_id = c.round_id
ORDER BY c.document_number, c.round_id;
