-- query:  corrections_of_file
-- asks:   what people corrected by hand in one received file
-- grain:  one row per corrected cell; the newest correction of a cell counts
-- unit:   none
-- params: $file_sha256
SELECT
    line_no,
    field_name,
    printed_text,
    corrected_text,
    correction_reason,
    corrected_by
FROM correction
WHERE file_sha256 = $file_sha256
QUALIFY ROW_NUMBER() OVER (PARTITION BY line_no, field_name ORDER BY correction_no DESC) = 1
ORDER BY line_no, field_name;
