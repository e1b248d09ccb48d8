-- query:  import_rows
-- asks:   what became of each row of one import
-- grain:  one row per row of the file
-- unit:   none
-- params: $entry_no (of the import in the log)
SELECT
    line_no,
    document_number,
    round_id,
    recipient_id,
    indicator_no,
    row_outcome,
    fault_code,
    place_text,
    sentence_text
FROM import_row
WHERE entry_no = $entry_no
ORDER BY line_no;
