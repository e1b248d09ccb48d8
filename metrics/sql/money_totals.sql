-- query:  money_totals
-- asks:   how much was released, and how much of it the units that reported have paid
-- grain:  one row
-- unit:   元
-- params: none; reads unit_standing
SELECT
    COALESCE(SUM(after_yuan), 0) AS released_yuan,
    COALESCE(SUM(CASE WHEN paid_yuan IS NOT NULL THEN after_yuan END), 0) AS base_yuan,
    COALESCE(SUM(paid_yuan), 0) AS paid_yuan,
    COUNT(*) AS unit_count,
    COUNT(paid_yuan) AS reported_count
FROM unit_standing;
