-- query:  return_duty
-- asks:   which returned reports each unit has to answer by when, and when it answered, as known at a moment
-- grain:  one row per returned version of a report
-- unit:   none
-- params: $document_number and its $notice_key (one notice; empty for all), $recipient_id (one unit; empty for all), $as_of; reads
--         duty_setting (answer_days, one row)
WITH returned AS (
    SELECT
        notice_key,
        report_id,
        MIN_BY(event_reason, event_no) AS event_reason,
        MIN(clock_day(happened_at)) AS returned_on
    FROM report_event
    WHERE
        report_state = 'returned'
        AND happened_at <= $as_of
        AND ($document_number = '' OR notice_key = $notice_key)
    GROUP BY notice_key, report_id
),

answer AS (
    SELECT
        notice_key,
        round_id,
        recipient_id,
        report_version,
        clock_day(submitted_at) AS submitted_on
    FROM report
    WHERE submitted_at <= $as_of
)

-- A returned report is answered by the next version.
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
    t.round_name AS what_text,
    e.event_reason AS printed_text,
    e.returned_on AS counted_from_on,
    g.answer_days AS working_day_count,
    CAST(NULL AS INTEGER) AS calendar_day_count,
    CAST(NULL AS DATE) AS fixed_due_on,
    e.returned_on AS opened_on,
    a.submitted_on AS first_done_on,
    a.submitted_on AS last_done_on,
    a.submitted_on AS attempted_on,
    a.submitted_on AS done_on,
    CASE WHEN a.submitted_on IS NULL THEN 0 ELSE 1 END AS done_count,
    FALSE AS is_empty,
    FALSE AS is_inferred,
    CAST($as_of AS DATE) AS as_of_on
FROM returned AS e
JOIN report AS r ON r.notice_key = e.notice_key AND r.report_id = e.report_id
JOIN round AS t ON t.notice_key = r.notice_key AND t.round_id = r.round_id
CROSS JOIN duty_setting AS g
LEFT JOIN answer AS a
    ON a.notice_key = r.notice_key
    AND a.round_id = r.round_id
    AND a.recipient_id = r.recipient_id
    AND a.report_version = r.report_version + 1
WHERE ($document_number = '' OR r.notice_key = $notice_key) AND $recipient_id IN ('', r.recipient_id);
