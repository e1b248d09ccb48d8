-- query:  inquiry_rule_changes
-- asks:   what was decided about the rules that propose 问效单, as known at a moment
-- grain:  one row per decision, the newest first
-- unit:   counts of judged inquiries
-- params: $as_of
SELECT
    rule_change_no,
    rule_key,
    rule_decision,
    judged_count,
    change_reason,
    changed_at,
    changed_by
FROM inquiry_rule_change
WHERE changed_at <= $as_of
ORDER BY rule_change_no DESC;
