-- query:  notice_findings
-- asks:   what was repaired in a notice or is worth a person's look
-- grain:  one row per finding
-- unit:   none
-- params: $notice_key
SELECT
    finding_no,
    finding_code,
    severity,
    line_no,
    sentence_text,
    field_name,
    printed_text,
    read_text
FROM notice_finding
WHERE notice_key = $notice_key
ORDER BY finding_no;
