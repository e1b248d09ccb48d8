-- query:  rule_versions
-- asks:   which versions of the rule book the store holds, the newest first
-- grain:  one row per version
-- unit:   none
-- params: none
SELECT
    rule_version,
    profile_name,
    effective_on,
    change_reason,
    adopted_at,
    adopted_by
FROM rule_version
ORDER BY effective_on DESC, adopted_at DESC;
