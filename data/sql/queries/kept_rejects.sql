-- query:  kept_rejects
-- asks:   which rows of a loaded export were not taken, and why
-- grain:  one row per row of the file, in its order
-- unit:   none
-- params: $export_no
SELECT
    e.recipient_id,
    j.line_no,
    j.fault_code,
    j.place_text,
    j.sentence_text
FROM docked_reject AS j
JOIN docked_export AS e ON e.export_no = j.export_no
WHERE j.export_no = $export_no
ORDER BY j.line_no;
