-- query:  money_totals
-- asks:   how much was released, and how much of it the units that reported have paid
-- grain:  one row
-- unit:   元
-- params: none; reads unit_standing, rate_limit
-- rule:   in all more was paid than released without a reason if of any unit nobody has said why
SELECT
    COALESCE(SUM(u.after_yuan), 0) AS released_yuan,
    COALESCE(SUM(CASE WHEN u.paid_yuan IS NOT NULL THEN u.after_yuan END), 0) AS base_yuan,
    COALESCE(SUM(u.paid_yuan), 0) AS paid_yuan,
    COUNT(*) AS unit_count,
    COUNT(u.paid_yuan) AS reported_count,
    COALESCE(SUM(u.paid_yuan) > SUM(CASE WHEN u.paid_yuan IS NOT NULL THEN u.after_yuan END), FALSE)
    AND SUM(CASE WHEN u.paid_yuan > m.limit_yuan THEN 1 ELSE 0 END) > 0 AS is_over_unexplained
FROM unit_standing AS u
LEFT JOIN rate_limit AS m ON m.recipient_id = u.recipient_id;
