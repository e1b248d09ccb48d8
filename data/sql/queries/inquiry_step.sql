-- query:  inquiry_step
-- asks:   everything that one step of a 问效单 says, with what was asked and the fingerprints of its files
-- grain:  one row if there is such a step
-- unit:   none
-- params: $step_no
SELECT
    e.*,
    q.document_number,
    q.round_id,
    q.recipient_id,
    q.indicator_no,
    q.rule_key,
    q.facts_key,
    q.is_audit_rectification,
    q.question_text,
    q.fact_text,
    COALESCE(
        (
            SELECT STRING_AGG(f.file_name || ' ' || f.file_sha256, '|' ORDER BY f.file_no)
            FROM inquiry_file AS f
            WHERE f.step_no = e.step_no
        ),
        ''
    ) AS file_hashes
FROM inquiry_event AS e
JOIN inquiry AS q ON q.inquiry_no = e.inquiry_no
WHERE e.step_no = $step_no;
