-- query:  export_rejects
-- asks:   which rows of the export at hand cannot be taken, and why
-- grain:  one row per row of the file, the first $most
-- unit:   none
-- params: $most; reads export_row
SELECT
    line_no,
    fault_code,
    fault_text
FROM export_row
WHERE fault_text <> '' AND NOT is_deleted
ORDER BY line_no
LIMIT $most;
