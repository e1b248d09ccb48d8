-- query:  round_duty
-- asks:   in which reporting rounds each unit owes a report by when, and when it reported, as known at a moment
-- grain:  one row per notice, round opened by then and unit
-- unit:   none
-- params: $document_number and its $notice_key (one notice; empty for all), $recipient_id (one unit; empty for all), $as_of
WITH unit AS (
    SELECT DISTINCT
        document_number,
        recipient_id
    FROM allocation_line
    WHERE ($document_number = '' OR notice_key = $notice_key) AND $recipient_id IN ('', recipient_id)
),

submitted AS (
    SELECT
        document_number,
        round_id,
        recipient_id,
        MIN(clock_day(submitted_at)) AS first_done_on,
        MAX(clock_day(submitted_at)) AS last_done_on,
        COUNT(*) AS done_count
    FROM report
    WHERE
        submitted_at <= $as_of
        AND ($document_number = '' OR notice_key = $notice_key)
        AND $recipient_id IN ('', recipient_id)
    GROUP BY document_number, round_id, recipient_id
)

-- A report is in time by its first version; what is corrected later does not make it late.
SELECT
    u.document_number,
    u.recipient_id,
    r.round_id,
    'round' AS duty_kind,
    'reported' AS step,
    'round-' || r.round_id AS duty_key,
    'own_rule' AS duty_basis,
    FALSE AS is_scored,
    TRUE AS is_counted,
    r.round_name AS what_text,
    CAST(NULL AS DATE) AS counted_from_on,
    CAST(NULL AS INTEGER) AS working_day_count,
    CAST(NULL AS INTEGER) AS calendar_day_count,
    r.due_on AS fixed_due_on,
    r.opens_on AS opened_on,
    s.first_done_on,
    s.last_done_on,
    s.last_done_on AS attempted_on,
    s.first_done_on AS done_on,
    COALESCE(s.done_count, 0) AS done_count,
    FALSE AS is_empty,
    FALSE AS is_inferred,
    CAST($as_of AS DATE) AS as_of_on
FROM unit AS u
JOIN round AS r ON r.document_number = u.document_number AND r.opened_at <= $as_of
LEFT JOIN submitted AS s
    ON s.document_number = r.document_number AND s.round_id = r.round_id AND s.recipient_id = u.recipient_id;
