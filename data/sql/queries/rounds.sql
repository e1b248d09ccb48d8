-- query:  rounds
-- asks:   which reporting rounds of a notice were opened, the newest period first
-- grain:  one row per round
-- unit:   none
-- params: $notice_key
SELECT
    round_id,
    round_name,
    period_end_on,
    opens_on,
    due_on,
    opened_at,
    rule_version
FROM round
WHERE notice_key = $notice_key
ORDER BY period_end_on DESC;
