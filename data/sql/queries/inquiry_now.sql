-- query:  inquiry_now
-- asks:   how every 问效单 stands at a moment by its newest steps: its state, the due day set last, who puts it right,
--         what was judged, when it was closed
-- grain:  one row per inquiry opened by then
-- unit:   none
-- params: $document_number (one notice; empty for all), $recipient_id (one unit; empty for all), $inquiry_no (one
--         inquiry; 0 for all), $as_of
-- empty:  closed_at while open; closing_text, owner_name and judgement where there is none
WITH asked AS (
    SELECT
        q.*,
        notice_key(q.document_number) AS notice_key
    FROM inquiry AS q
    WHERE
        $document_number IN ('', q.document_number)
        AND $recipient_id IN ('', q.recipient_id)
        AND $inquiry_no IN (0, q.inquiry_no)
        AND q.opened_at <= $as_of
),

-- Only of those that are asked for: the steps of one notice lie together.
step AS (
    SELECT e.*
    FROM inquiry_event AS e
    JOIN asked AS q ON q.inquiry_no = e.inquiry_no
    WHERE e.happened_at <= $as_of
),

newest AS (
    SELECT
        inquiry_no,
        MAX(step_no) AS newest_step_no,
        ARG_MAX(inquiry_state, step_no) AS inquiry_state,
        ARG_MAX(happened_at, step_no) AS changed_at,
        ARG_MAX(due_on, step_no) AS due_on,
        COALESCE(ARG_MAX(NULLIF(owner_name, ''), step_no), '') AS owner_name,
        COALESCE(ARG_MAX(NULLIF(judgement, ''), step_no), '') AS judgement,
        MAX(CASE WHEN inquiry_state = 'closed' THEN happened_at END) AS closed_at,
        MAX(CASE WHEN inquiry_state = 'closed' THEN words_text END) AS closing_text
    FROM step
    GROUP BY inquiry_no
)

SELECT
    q.inquiry_no,
    q.document_number,
    q.round_id,
    q.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    u.display_no,
    q.indicator_no,
    COALESCE(i.short_name, '') AS indicator_short_name,
    q.rule_key,
    q.facts_key,
    q.is_audit_rectification,
    q.question_text,
    q.fact_text,
    q.opened_at,
    q.opened_by,
    n.newest_step_no,
    n.inquiry_state,
    n.changed_at,
    n.due_on,
    n.owner_name,
    n.judgement,
    n.closed_at,
    COALESCE(n.closing_text, '') AS closing_text,
    CAST($as_of AS DATE) AS as_of_on
FROM asked AS q
JOIN newest AS n ON n.inquiry_no = q.inquiry_no
JOIN recipient AS u ON u.recipient_id = q.recipient_id
LEFT JOIN indicator AS i
    ON
        i.notice_key = q.notice_key AND i.document_number = q.document_number AND i.indicator_no = q.indicator_no;
