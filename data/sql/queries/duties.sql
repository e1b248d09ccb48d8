-- query:  duties
-- asks:   which unit reported in which round, and what became of its report, as known at a moment
-- grain:  one row per recipient of the notice and round open by then
-- unit:   元; report_state is empty before the first report
-- params: $notice_key, $round_id (one round; empty for all), $as_of
WITH unit AS (
    SELECT DISTINCT recipient_id
    FROM allocation_line
    WHERE notice_key = $notice_key
),

newest AS (
    SELECT
        round_id,
        recipient_id,
        report_id,
        report_version,
        paid_yuan,
        submitted_at,
        submitted_by,
        filled_by,
        statement_text
    FROM report
    WHERE notice_key = $notice_key AND submitted_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY round_id, recipient_id ORDER BY report_version DESC) = 1
),

-- The newest event of a report is its state.
standing AS (
    SELECT
        report_id,
        report_state,
        event_reason,
        happened_at,
        done_by
    FROM report_event
    WHERE notice_key = $notice_key AND happened_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY report_id ORDER BY event_no DESC) = 1
),

first_time AS (
    SELECT
        round_id,
        recipient_id,
        MIN(submitted_at) AS first_submitted_at
    FROM report
    WHERE notice_key = $notice_key AND submitted_at <= $as_of
    GROUP BY round_id, recipient_id
)

SELECT
    r.document_number,
    r.round_id,
    r.round_name,
    r.period_end_on,
    r.due_on,
    u.recipient_id,
    p.recipient_name,
    p.short_name AS recipient_short_name,
    p.display_no,
    n.report_id,
    n.report_version,
    n.paid_yuan,
    n.submitted_at,
    n.submitted_by,
    n.filled_by,
    n.statement_text,
    f.first_submitted_at,
    COALESCE(e.report_state, '') AS report_state,
    COALESCE(e.event_reason, '') AS event_reason,
    e.happened_at,
    e.done_by,
    CAST($as_of AS DATE) AS as_of_on
FROM round AS r
CROSS JOIN unit AS u
JOIN recipient AS p ON p.recipient_id = u.recipient_id
LEFT JOIN newest AS n ON n.round_id = r.round_id AND n.recipient_id = u.recipient_id
LEFT JOIN standing AS e ON e.report_id = n.report_id
LEFT JOIN first_time AS f ON f.round_id = r.round_id AND f.recipient_id = u.recipient_id
WHERE
    r.notice_key = $notice_key
    AND r.opened_at <= $as_of
    AND ($round_id = '' OR r.round_id = $round_id)
ORDER BY r.period_end_on DESC, p.display_no;
