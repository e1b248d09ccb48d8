-- query:  duty_input
-- asks:   what each unit was asked to do by when, and what is known of it at a moment: the limits of each notice,
--         its reporting rounds, the returned reports
-- grain:  one row per notice, unit and duty
-- unit:   元
-- params: $document_number (one notice; empty for all), $recipient_id (one unit; empty for all), $as_of; reads
--         limit_duty and duty_setting (answer_days, one row)
WITH unit AS (
    SELECT DISTINCT
        document_number,
        recipient_id
    FROM allocation_line
    WHERE $document_number IN ('', document_number) AND $recipient_id IN ('', recipient_id)
),

submitted AS (
    SELECT
        document_number,
        round_id,
        recipient_id,
        MIN(CAST(submitted_at AS DATE)) AS first_done_on,
        MAX(CAST(submitted_at AS DATE)) AS last_done_on,
        COUNT(*) AS done_count
    FROM report
    WHERE submitted_at <= $as_of
    GROUP BY document_number, round_id, recipient_id
),

-- A report is in time by its first version; what is corrected later does not make it late.
round_duty AS (
    SELECT
        a.document_number,
        a.recipient_id,
        r.round_id,
        'round' AS duty_kind,
        'reported' AS step,
        'round-' || r.round_id AS duty_key,
        'own_rule' AS duty_basis,
        FALSE AS is_scored,
        TRUE AS is_counted,
        r.round_name AS what_text,
        r.due_on AS fixed_due_on,
        r.opens_on AS opened_on,
        s.first_done_on,
        s.last_done_on,
        s.last_done_on AS attempted_on,
        s.first_done_on AS done_on,
        COALESCE(s.done_count, 0) AS done_count,
        FALSE AS is_empty,
        FALSE AS is_inferred
    FROM unit AS a
    JOIN round AS r ON r.document_number = a.document_number AND r.opened_at <= $as_of
    LEFT JOIN submitted AS s
        ON s.document_number = r.document_number AND s.round_id = r.round_id AND s.recipient_id = a.recipient_id
),

return_duty AS (
    SELECT
        r.document_number,
        r.recipient_id,
        r.round_id,
        'return' AS duty_kind,
        'answered' AS step,
        'return-' || r.round_id || '-' || r.report_version AS duty_key,
        'setting' AS duty_basis,
        FALSE AS is_scored,
        TRUE AS is_counted,
        MAX(t.round_name) AS what_text,
        MAX(e.event_reason) AS printed_text,
        CAST(MIN(e.happened_at) AS DATE) AS counted_from_on,
        MAX(g.answer_days) AS working_day_count,
        CAST(MIN(e.happened_at) AS DATE) AS opened_on,
        CAST(MIN(v.submitted_at) AS DATE) AS first_done_on,
        CAST(MIN(v.submitted_at) AS DATE) AS last_done_on,
        CAST(MIN(v.submitted_at) AS DATE) AS attempted_on,
        CAST(MIN(v.submitted_at) AS DATE) AS done_on,
        COUNT(v.report_id) AS done_count,
        FALSE AS is_empty,
        FALSE AS is_inferred
    FROM report_event AS e
    JOIN report AS r ON r.report_id = e.report_id
    JOIN round AS t ON t.document_number = r.document_number AND t.round_id = r.round_id
    CROSS JOIN duty_setting AS g
    LEFT JOIN report AS v
        ON v.document_number = r.document_number
        AND v.round_id = r.round_id
        AND v.recipient_id = r.recipient_id
        AND v.report_version = r.report_version + 1
        AND v.submitted_at <= $as_of
    WHERE
        e.report_state = 'returned'
        AND e.happened_at <= $as_of
        AND $document_number IN ('', r.document_number)
        AND $recipient_id IN ('', r.recipient_id)
    GROUP BY r.document_number, r.recipient_id, r.round_id, r.report_version
)

FROM limit_duty
UNION ALL BY NAME
SELECT
    *,
    CAST($as_of AS DATE) AS as_of_on
FROM (
    FROM round_duty
    UNION ALL BY NAME
    FROM return_duty
);
