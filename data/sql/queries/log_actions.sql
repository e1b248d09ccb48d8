-- query:  log_actions
-- asks:   which kinds of actions are in the log
-- grain:  one row per action, by name
-- unit:   none
-- params: none
SELECT action_name, COUNT(*) AS entry_count
FROM audit_log
GROUP BY action_name
ORDER BY action_name;
