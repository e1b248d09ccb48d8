-- query:  rule_versions
-- asks:   which versions of the rule book the store holds, the newest first, and how many rounds each judges
-- grain:  one row per version
-- unit:   none
-- params: none
SELECT
    v.rule_version,
    v.profile_name,
    v.effective_on,
    v.change_reason,
    v.adopted_at,
    v.adopted_by,
    COUNT(r.round_id) AS round_count
FROM rule_version AS v
LEFT JOIN round AS r ON r.rule_version = v.rule_version
GROUP BY v.rule_version, v.profile_name, v.effective_on, v.change_reason, v.adopted_at, v.adopted_by
-- Adopted in the same second: the later one has the higher number, 2025-10 after 2025-9.
ORDER BY v.effective_on DESC, v.adopted_at DESC, LENGTH(v.rule_version) DESC, v.rule_version DESC;
