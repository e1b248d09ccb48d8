-- write:  mark_doubled_rows
-- does:   refuses each row whose key an earlier row of the file has already
-- grain:  a row of export_row; row_key stands for the kind's key
-- unit:   none
-- params: $row_word
UPDATE export_row
SET
    fault_code = 'doubled-key',
    fault_text = '与第 ' || f.line_no || ' ' || $row_word || '的主键相同'
FROM (
    SELECT
        row_key,
        MIN(line_no) AS line_no
    FROM export_row
    WHERE NOT is_deleted
    GROUP BY row_key
    HAVING COUNT(*) > 1
) AS f
WHERE
    export_row.row_key = f.row_key
    AND export_row.line_no > f.line_no
    AND export_row.fault_text = ''
    AND NOT export_row.is_deleted;
