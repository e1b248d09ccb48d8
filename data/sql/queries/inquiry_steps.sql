-- query:  inquiry_steps
-- asks:   every signed step of one 问效单, as known at a moment
-- grain:  one row per step, the oldest first
-- unit:   none; file_names with 、 between them, empty without evidence
-- params: $inquiry_no, $as_of
SELECT
    q.inquiry_no,
    q.recipient_id,
    e.step_no,
    e.inquiry_step,
    e.inquiry_state,
    e.words_text,
    e.measure_text,
    e.gap_text,
    e.owner_name,
    e.due_on,
    e.judgement,
    e.legal_keys,
    e.paper_text,
    e.paper_on,
    e.happened_at,
    e.done_by,
    e.done_role,
    COALESCE(f.file_names, '') AS file_names
FROM inquiry_event AS e
JOIN inquiry AS q ON q.inquiry_no = e.inquiry_no
LEFT JOIN (
    SELECT
        step_no,
        STRING_AGG(file_name, '、' ORDER BY file_no) AS file_names
    FROM inquiry_file
    GROUP BY step_no
) AS f ON f.step_no = e.step_no
WHERE e.inquiry_no = $inquiry_no AND e.happened_at <= $as_of
ORDER BY e.step_no;
