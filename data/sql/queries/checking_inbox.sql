-- query:  checking_inbox
-- asks:   how far the review of each unit's report has come, and what waits the longest
-- grain:  one row per recipient of the notice
-- unit:   counts of values; whole calendar days
-- params: none; reads duties (of one round) and checked_value (checked_values.sql)
WITH counted AS (
    SELECT
        recipient_id,
        COUNT(*) FILTER (NOT is_withdrawn) AS value_count,
        COUNT(*) FILTER (verdict = 'confirmed') AS confirmed_count,
        COUNT(*) FILTER (verdict = 'questioned') AS questioned_count,
        COUNT(*) FILTER (is_changed) AS changed_count
    FROM checked_value
    GROUP BY recipient_id
)

SELECT
    d.recipient_id,
    d.recipient_name,
    d.recipient_short_name,
    d.display_no,
    d.report_id,
    d.report_version,
    d.report_state,
    d.event_reason,
    d.happened_at,
    d.done_by,
    d.submitted_at,
    d.submitted_by,
    d.filled_by,
    d.statement_text,
    d.due_on,
    COALESCE(c.value_count, 0) AS value_count,
    COALESCE(c.confirmed_count, 0) AS confirmed_count,
    COALESCE(c.questioned_count, 0) AS questioned_count,
    COALESCE(c.changed_count, 0) AS changed_count,
    CASE
        WHEN d.report_state = 'submitted' THEN DATE_DIFF('day', CAST(d.submitted_at AS DATE), d.as_of_on)
    END AS waiting_days
FROM duties AS d
LEFT JOIN counted AS c ON c.recipient_id = d.recipient_id
ORDER BY
    CASE d.report_state
        WHEN 'submitted' THEN 1
        WHEN 'reopened' THEN 2
        WHEN 'returned' THEN 3
        WHEN '' THEN 4
        WHEN 'accepted' THEN 5
        ELSE 6
    END,
    CASE WHEN d.report_state = 'submitted' THEN d.submitted_at END,
    d.display_no;
