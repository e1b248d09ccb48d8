-- query:  my_duties
-- asks:   what one unit owes in every open round of every notice, as known at a moment
-- grain:  one row per notice of the unit and round opened by then, and unit where all are asked for
-- unit:   calendar days from the moment's day to the due day, negative after it
-- params: $recipient_id (one unit; empty for all), $as_of
WITH version AS (
    SELECT
        r.document_number,
        r.round_id,
        r.recipient_id,
        r.report_id,
        r.report_version,
        r.submitted_at,
        MIN(r.submitted_at) OVER in_round AS first_submitted_at
    FROM report AS r
    WHERE $recipient_id IN ('', r.recipient_id) AND r.submitted_at <= $as_of
    WINDOW in_round AS (PARTITION BY r.document_number, r.round_id, r.recipient_id)
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY r.document_number, r.round_id, r.recipient_id ORDER BY r.report_version DESC
        ) = 1
),

state AS (
    SELECT
        e.report_id,
        e.report_state,
        e.event_reason
    FROM report_event AS e
    JOIN version AS v ON v.report_id = e.report_id
    WHERE e.happened_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY e.report_id ORDER BY e.event_no DESC) = 1
)

SELECT
    r.document_number,
    n.fund_name,
    r.round_id,
    r.round_name,
    r.period_end_on,
    r.opens_on,
    r.due_on,
    u.recipient_id,
    u.recipient_name,
    u.display_no,
    v.report_version,
    v.submitted_at,
    v.first_submitted_at,
    s.report_state,
    s.event_reason,
    d.draft_no IS NOT NULL AS has_draft,
    DATE_DIFF('day', CAST($as_of AS DATE), r.due_on) AS days_left,
    CAST($as_of AS DATE) AS as_of_on
FROM round AS r
JOIN notice AS n ON n.notice_key = r.notice_key
JOIN (SELECT DISTINCT document_number, recipient_id FROM allocation_line) AS l
    ON l.document_number = r.document_number AND $recipient_id IN ('', l.recipient_id)
JOIN recipient AS u ON u.recipient_id = l.recipient_id
LEFT JOIN version AS v
    ON v.document_number = r.document_number AND v.round_id = r.round_id AND v.recipient_id = l.recipient_id
LEFT JOIN state AS s ON s.report_id = v.report_id
LEFT JOIN report_draft AS d
    ON d.notice_key = r.notice_key AND d.round_id = r.round_id AND d.recipient_id = l.recipient_id
WHERE r.opened_at <= $as_of
ORDER BY r.due_on DESC, r.document_number, u.display_no;
