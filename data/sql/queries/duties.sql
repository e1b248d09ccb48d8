-- query:  duties
-- asks:   which unit reported in which round, as known at a moment
-- grain:  one row per recipient of the notice and round open by then
-- unit:   元
-- params: $document_number, $as_of
WITH unit AS (
    SELECT DISTINCT recipient_id
    FROM allocation_line
    WHERE document_number = $document_number
),

newest AS (
    SELECT
        round_id,
        recipient_id,
        report_version,
        paid_yuan,
        submitted_at,
        filled_by
    FROM report
    WHERE document_number = $document_number AND submitted_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY round_id, recipient_id ORDER BY report_version DESC) = 1
),

first_time AS (
    SELECT
        round_id,
        recipient_id,
        MIN(submitted_at) AS first_submitted_at
    FROM report
    WHERE document_number = $document_number AND submitted_at <= $as_of
    GROUP BY round_id, recipient_id
)

SELECT
    r.round_id,
    r.round_name,
    r.period_end_on,
    r.due_on,
    u.recipient_id,
    p.recipient_name,
    p.short_name AS recipient_short_name,
    p.display_no,
    n.report_version,
    n.paid_yuan,
    n.submitted_at,
    n.filled_by,
    f.first_submitted_at,
    CAST($as_of AS DATE) AS as_of_on
FROM round AS r
CROSS JOIN unit AS u
JOIN recipient AS p ON p.recipient_id = u.recipient_id
LEFT JOIN newest AS n ON n.round_id = r.round_id AND n.recipient_id = u.recipient_id
LEFT JOIN first_time AS f ON f.round_id = r.round_id AND f.recipient_id = u.recipient_id
WHERE r.document_number = $document_number AND r.opened_at <= $as_of
ORDER BY r.period_end_on DESC, p.display_no;
