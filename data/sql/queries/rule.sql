-- query:  rule
-- asks:   which limits and weights each version of the rule book sets
-- grain:  one row per version; NULL where a version does not use a rule
-- unit:   millionths: of a ratio (800000 for 80%), of a point, of a day or month
-- params: none
SELECT
    rule_version,
    MAX(CASE WHEN rule_key = 'weight-execution' THEN value_micro END) AS weight_execution_micro,
    MAX(CASE WHEN rule_key = 'execution-cap' THEN value_micro END) AS execution_cap_micro,
    MAX(CASE WHEN rule_key = 'slightly-off-from' THEN value_micro END) AS slightly_off_from_micro,
    MAX(CASE WHEN rule_key = 'over-from' THEN value_micro END) AS over_from_micro,
    MAX(CASE WHEN rule_key = 'reason-required-below' THEN value_micro END) AS reason_required_below_micro,
    MAX(CASE WHEN rule_key = 'grade-excellent-from' THEN value_micro END) AS grade_excellent_from_micro,
    MAX(CASE WHEN rule_key = 'grade-good-from' THEN value_micro END) AS grade_good_from_micro,
    MAX(CASE WHEN rule_key = 'grade-fair-from' THEN value_micro END) AS grade_fair_from_micro,
    MAX(CASE WHEN rule_key = 'band-reached-from' THEN value_micro END) AS band_reached_from_micro,
    MAX(CASE WHEN rule_key = 'band-partly-from' THEN value_micro END) AS band_partly_from_micro,
    MAX(CASE WHEN rule_key = 'elapsed-tolerance' THEN value_micro END) AS elapsed_tolerance_micro,
    MAX(CASE WHEN rule_key = 'effect-from' THEN value_micro END) AS effect_from_micro,
    MAX(CASE WHEN rule_key = 'coverage-from' THEN value_micro END) AS coverage_from_micro,
    MAX(CASE WHEN rule_key = 'dual-gap-limit' THEN value_micro END) AS dual_gap_limit_micro,
    MAX(CASE WHEN rule_key = 'execution-milestone-04' THEN value_micro END) AS execution_milestone_04_micro,
    MAX(CASE WHEN rule_key = 'execution-milestone-06' THEN value_micro END) AS execution_milestone_06_micro,
    MAX(CASE WHEN rule_key = 'execution-milestone-08' THEN value_micro END) AS execution_milestone_08_micro,
    MAX(CASE WHEN rule_key = 'execution-milestone-10' THEN value_micro END) AS execution_milestone_10_micro
FROM rule_value
GROUP BY rule_version;
