-- query:  action_counts
-- asks:   how often each action was done
-- grain:  one row per action
-- unit:   actions
-- params: none
SELECT
    action_name,
    COUNT(*) AS action_count
FROM audit_log
GROUP BY action_name
ORDER BY action_name;
