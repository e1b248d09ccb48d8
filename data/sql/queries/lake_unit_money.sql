-- query:  lake_unit_money
-- asks:   what each unit of a notice got and paid in a round, as known at a moment, and where in the country it is
-- grain:  one row per recipient of the notice
-- unit:   元
-- params: none; reads unit_standing
-- empty:  county_code where the unit is no administrative division: then it stands for itself
SELECT
    s.document_number,
    s.round_id,
    s.recipient_id,
    s.rule_version,
    s.period_month,
    s.passed_month,
    s.is_reported,
    s.after_yuan,
    s.paid_yuan,
    s.elapsed_days,
    s.year_days,
    r.division_code AS county_code,
    r.recipient_name AS county_name
FROM unit_standing AS s
JOIN recipient AS r ON r.recipient_id = s.recipient_id;
