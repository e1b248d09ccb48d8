-- query:  rule_values
-- asks:   which value each version gives to each rule that it uses
-- grain:  one row per version and rule
-- unit:   millionths of the rule's unit
-- params: none
SELECT
    rule_version,
    rule_key,
    value_micro,
    source_text
FROM rule_value
ORDER BY rule_version, rule_key;
