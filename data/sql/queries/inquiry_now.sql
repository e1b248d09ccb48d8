-- query:  inquiry_now
-- asks:   how every 问效单 stands at a moment: its newest step, who owes what by when, when it was answered and closed
-- grain:  one row per inquiry opened by then
-- unit:   none
-- params: $document_number (one notice; empty for all), $recipient_id (one unit; empty for all), $as_of
-- empty:  answered_at, answer_due_on and is_answered_on_time before the first answer; closed_at and outcome while open
WITH step AS (
    SELECT
        e.*,
        ARG_MAX(e.due_on, e.step_no) OVER (
            PARTITION BY e.inquiry_no ORDER BY e.step_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS held_due_on,
        CASE WHEN e.due_on IS NOT NULL THEN e.step_no END AS due_step_no
    FROM inquiry_event AS e
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
        MAX(CASE WHEN inquiry_state = 'closed' THEN words_text END) AS closing_text,
        MAX(due_step_no) AS due_step_no,
        MAX(CASE WHEN inquiry_step = 'circulated' THEN step_no END) AS circulated_step_no,
        MAX(CASE WHEN inquiry_step = 'talked' THEN step_no END) AS talked_step_no
    FROM step
    GROUP BY inquiry_no
),

-- The first answer counts, as with reports: what is returned and answered anew does not make it late.
first_answer AS (
    SELECT
        inquiry_no,
        happened_at AS answered_at,
        held_due_on AS answer_due_on,
        clock_day(happened_at) AS answered_on
    FROM step
    WHERE inquiry_step = 'answered'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY inquiry_no ORDER BY step_no) = 1
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
    a.answered_at,
    a.answer_due_on,
    a.answered_on <= a.answer_due_on AS is_answered_on_time,
    n.closed_at,
    COALESCE(n.closing_text, '') AS closing_text,
    COALESCE(n.circulated_step_no > n.due_step_no, FALSE) AS is_circulated,
    COALESCE(n.talked_step_no > n.due_step_no, FALSE) AS is_talked,
    CAST($as_of AS DATE) AS as_of_on
FROM inquiry AS q
JOIN newest AS n ON n.inquiry_no = q.inquiry_no
JOIN recipient AS u ON u.recipient_id = q.recipient_id
LEFT JOIN indicator AS i ON i.document_number = q.document_number AND i.indicator_no = q.indicator_no
LEFT JOIN first_answer AS a ON a.inquiry_no = q.inquiry_no
WHERE
    $document_number IN ('', q.document_number)
    AND $recipient_id IN ('', q.recipient_id)
    AND q.opened_at <= $as_of;
