-- query:  limit_steps
-- asks:   which steps besides receiving, registering, marking and importing the limits of a notice ask for
-- grain:  one row per such limit, in printed order
-- unit:   none
-- params: $notice_key; reads deadline_step
SELECT
    t.step,
    d.what_text,
    d.printed_text,
    d.line_no
FROM notice_deadline AS d
JOIN deadline_step AS t ON t.document_number = d.document_number AND t.deadline_no = d.deadline_no
WHERE
    d.notice_key = $notice_key
    AND NOT t.is_import_limit
    AND t.step NOT IN ('registered', 'marked', 'imported')
ORDER BY d.deadline_no;
