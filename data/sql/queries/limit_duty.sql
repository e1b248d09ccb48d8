-- query:  limit_duty
-- asks:   what the time limits of a notice ask of each unit, and what was recorded of it by a moment; 'region' is the
--         prefecture, which imports the whole amount
-- grain:  one row per notice, unit and step that a limit asks for; is_counted is false for the steps on the way to
--         an import
-- unit:   元
-- params: $document_number and its $notice_key (one notice; empty for all), $recipient_id (one unit; empty for all), $as_of; reads
--         deadline_step (the step that each limit asks for)
WITH paper AS (
    SELECT
        document_number,
        COALESCE(direct_fund_marker, '') AS marker_text,
        COALESCE(printed_on, dated_on) AS issued_on,
        CAST(published_at AS DATE) AS published_on
    FROM notice
    WHERE $document_number = '' OR notice_key = $notice_key
),

money AS (
    SELECT
        document_number,
        COALESCE(recipient_id, 'region') AS recipient_id,
        SUM(after_yuan) AS after_yuan
    FROM allocation_line
    WHERE ($document_number = '' OR notice_key = $notice_key)
    GROUP BY GROUPING SETS ((document_number, recipient_id), (document_number))
),

asked AS (
    SELECT
        m.document_number,
        m.recipient_id,
        m.after_yuan,
        p.marker_text,
        p.issued_on,
        p.published_on
    FROM money AS m
    JOIN paper AS p ON p.document_number = m.document_number
    WHERE $recipient_id IN ('', m.recipient_id)
),

-- The newest record of a step counts: recording it again corrects it, and the old record stays.
stated AS (
    SELECT
        document_number,
        recipient_id,
        receipt_step,
        receipt_no,
        amount_yuan,
        marker_text,
        clock_day(happened_at) AS happened_on
    FROM receipt
    WHERE
        recorded_at <= $as_of
        AND ($document_number = '' OR notice_key = $notice_key)
        AND $recipient_id IN ('', recipient_id)
),

record AS (
    SELECT
        document_number,
        recipient_id,
        receipt_step,
        MAX_BY(
            STRUCT_PACK(happened_on := happened_on, amount_yuan := amount_yuan, marker_text := marker_text), receipt_no
        ) AS newest,
        MIN_BY(happened_on, receipt_no) AS first_done_on,
        COUNT(*) AS done_count
    FROM stated
    GROUP BY document_number, recipient_id, receipt_step
),

-- Whole is an import with all of the money and the marker; a step before it, what it says beside its day.
done AS MATERIALIZED (
    SELECT
        r.document_number,
        r.recipient_id,
        r.receipt_step,
        r.newest.happened_on AS happened_on,
        r.newest.amount_yuan AS amount_yuan,
        r.newest.marker_text AS marker_text,
        r.first_done_on,
        r.done_count,
        COALESCE(
            CASE r.receipt_step
                WHEN 'imported' THEN r.newest.amount_yuan = a.after_yuan AND r.newest.marker_text = a.marker_text
                WHEN 'registered' THEN r.newest.amount_yuan IS NULL OR r.newest.amount_yuan = a.after_yuan
                WHEN 'marked' THEN r.newest.marker_text IN ('', a.marker_text)
                ELSE TRUE
            END,
            FALSE
        ) AS is_whole,
        CASE r.receipt_step
            WHEN 'imported' THEN COALESCE(r.newest.amount_yuan, 0) = 0
            WHEN 'registered' THEN COALESCE(r.newest.amount_yuan, 1) = 0
            ELSE FALSE
        END AS is_empty
    FROM record AS r
    JOIN asked AS a ON a.document_number = r.document_number AND a.recipient_id = r.recipient_id
),

import_step AS (
    SELECT *
    FROM (VALUES ('registered'), ('marked'), ('imported')) AS s (step)
),

-- The limit on importing holds for the steps on the way to it; other limits are the units' alone.
limit_step AS (
    SELECT
        d.*,
        t.is_scored AND COALESCE(i.step, '') = 'imported' AS is_scored,
        t.is_import_limit,
        COALESCE(i.step, t.step) AS step
    FROM notice_deadline AS d
    JOIN deadline_step AS t ON t.document_number = d.document_number AND t.deadline_no = d.deadline_no
    LEFT JOIN import_step AS i ON t.is_import_limit
)

SELECT
    a.document_number,
    a.recipient_id,
    '' AS round_id,
    CASE WHEN l.is_import_limit THEN 'import' ELSE 'deadline' END AS duty_kind,
    l.step,
    'limit-' || l.deadline_no || '-' || l.step AS duty_key,
    -- The printed limit on importing is the prefecture's own; for its units it is this bureau's requirement.
    CASE WHEN l.is_import_limit AND a.recipient_id <> 'region' THEN 'own_rule' ELSE 'notice' END AS duty_basis,
    l.is_scored,
    NOT l.is_import_limit OR l.step = 'imported' AS is_counted,
    l.what_text,
    l.printed_text,
    l.line_no,
    CASE
        WHEN l.due_on IS NOT NULL THEN NULL
        WHEN NOT l.is_import_limit AND l.counted_from_text SIMILAR TO '(下达|印发|发文).*' THEN a.issued_on
        ELSE received.happened_on
    END AS counted_from_on,
    l.working_day_count,
    l.calendar_day_count,
    l.due_on AS fixed_due_on,
    COALESCE(received.happened_on, CASE WHEN NOT l.is_import_limit THEN a.published_on END) AS opened_on,
    d.first_done_on,
    d.happened_on AS last_done_on,
    COALESCE(d.happened_on, i.happened_on) AS attempted_on,
    CASE WHEN COALESCE(d.is_whole, TRUE) THEN COALESCE(d.happened_on, i.happened_on) END AS done_on,
    COALESCE(d.done_count, 0) AS done_count,
    COALESCE(d.is_empty, FALSE) AS is_empty,
    d.happened_on IS NULL AND i.happened_on IS NOT NULL AS is_inferred,
    d.amount_yuan AS given_yuan,
    d.marker_text AS given_marker,
    a.after_yuan,
    a.marker_text,
    CAST($as_of AS DATE) AS as_of_on
FROM asked AS a
JOIN limit_step AS l
    ON l.document_number = a.document_number AND (l.is_import_limit OR a.recipient_id <> 'region')
LEFT JOIN done AS received
    ON received.document_number = a.document_number
    AND received.recipient_id = a.recipient_id
    AND received.receipt_step = 'received'
LEFT JOIN done AS d
    ON d.document_number = a.document_number
    AND d.recipient_id = a.recipient_id
    AND d.receipt_step = l.step
-- What is imported whole was registered and marked by then, also where nobody recorded these steps.
LEFT JOIN done AS i
    ON l.is_import_limit
    AND l.step <> 'imported'
    AND i.document_number = a.document_number
    AND i.recipient_id = a.recipient_id
    AND i.receipt_step = 'imported'
    AND i.is_whole;
