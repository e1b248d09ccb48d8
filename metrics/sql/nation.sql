-- query:  nation
-- asks:   how far the nation, each province, each county and each fund has come, and who has not reported
-- grain:  one row per year and place: level is nation, province, county or fund; a share of a unit is one unit of one
--         notice
-- unit:   元; micro-points; both sides of every rate, no rate is formed
-- params: none; reads nation_unit with the year and province that its rows lie under
-- rule:   a unit that reported no payment is in neither side of the execution, one without a score in neither side of
--         the points; both are counted beside them. Units that paid more than they got are counted, for no rate
--         over the whole stands without its reason.
-- empty:  sums are NULL where nothing goes into them, never 0
SELECT
    year,
    CASE
        WHEN GROUPING(county_code) = 0 THEN 'county'
        WHEN GROUPING(province) = 0 THEN 'province'
        WHEN GROUPING(fund_name) = 0 THEN 'fund'
        ELSE 'nation'
    END AS level,
    province,
    county_code,
    CASE WHEN GROUPING(county_code) = 0 THEN MAX(county_name) END AS county_name,
    fund_name,
    COUNT(*) AS unit_count,
    COUNT(DISTINCT document_number) AS notice_count,
    CAST(SUM(CASE WHEN is_reported THEN 0 ELSE 1 END) AS BIGINT) AS silent_count,
    COUNT(paid_yuan) AS paying_count,
    CAST(SUM(CASE WHEN paid_yuan > after_yuan THEN 1 ELSE 0 END) AS BIGINT) AS over_count,
    CAST(SUM(after_yuan) AS DECIMAL(24, 2)) AS released_yuan,
    CAST(SUM(CASE WHEN paid_yuan IS NOT NULL THEN after_yuan END) AS DECIMAL(24, 2)) AS base_yuan,
    CAST(SUM(paid_yuan) AS DECIMAL(24, 2)) AS paid_yuan,
    CAST(SUM(CASE WHEN total_scored_weight_micro > 0 THEN 1 ELSE 0 END) AS BIGINT) AS scored_count,
    CAST(SUM(CASE WHEN total_scored_weight_micro > 0 THEN total_score_micro END) AS BIGINT) AS score_micro,
    CAST(SUM(CASE WHEN total_scored_weight_micro > 0 THEN total_scored_weight_micro END) AS BIGINT)
        AS scored_weight_micro,
    CAST(SUM(total_weight_micro) AS BIGINT) AS weight_micro,
    CAST(SUM(CASE WHEN grade = 'excellent' THEN 1 ELSE 0 END) AS BIGINT) AS excellent_count,
    CAST(SUM(CASE WHEN grade = 'good' THEN 1 ELSE 0 END) AS BIGINT) AS good_count,
    CAST(SUM(CASE WHEN grade = 'fair' THEN 1 ELSE 0 END) AS BIGINT) AS fair_count,
    CAST(SUM(CASE WHEN grade = 'poor' THEN 1 ELSE 0 END) AS BIGINT) AS poor_count,
    CAST(SUM(CASE WHEN grade IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS ungraded_count,
    CAST(SUM(CASE WHEN effect_state = 'effective' THEN 1 ELSE 0 END) AS BIGINT) AS effective_count,
    CAST(SUM(CASE WHEN effect_state = 'money_without_effect' THEN 1 ELSE 0 END) AS BIGINT)
        AS money_without_effect_count,
    CAST(SUM(CASE WHEN effect_state = 'effect_ahead_of_money' THEN 1 ELSE 0 END) AS BIGINT)
        AS effect_ahead_of_money_count,
    CAST(SUM(CASE WHEN effect_state = 'both_behind' THEN 1 ELSE 0 END) AS BIGINT) AS both_behind_count,
    CAST(SUM(CASE WHEN effect_state = 'unknown' THEN 1 ELSE 0 END) AS BIGINT) AS unknown_count
FROM nation_unit
GROUP BY GROUPING SETS ((year), (year, province), (year, province, county_code), (year, fund_name));
