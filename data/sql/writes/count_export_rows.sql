-- write:  count_export_rows
-- does:   numbers the rows of the export at hand from 1, where they are not the lines of the file for sure
-- grain:  a row of export_row
-- unit:   none
-- params: none
UPDATE export_row
SET line_no = n.row_no
FROM (
    SELECT
        line_no,
        ROW_NUMBER() OVER (ORDER BY line_no) AS row_no
    FROM export_row
) AS n
WHERE export_row.line_no = n.line_no;
