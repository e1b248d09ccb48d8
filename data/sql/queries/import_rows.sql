-- query:  import_rows
-- asks:   what became of each row of one import
-- grain:  one row per row of the file
-- unit:   none
-- params: $entry_no (of the import in the log)
SELECT
    r.line_no,
    r.document_number,
    r.round_id,
    r.recipient_id,
    r.indicator_no,
    r.row_outcome,
    r.fault_code,
    r.place_text,
    r.sentence_text,
    l.actor_recipient_id
FROM import_row AS r
JOIN audit_log AS l ON l.entry_no = r.entry_no
WHERE r.entry_no = $entry_no
ORDER BY r.line_no;
