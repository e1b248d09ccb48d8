-- write:  count_export_rows
-- does:   numbers the rows of the export at hand from 1, where they are not the lines of the file for sure
-- grain:  a row of export_row
-- unit:   none
-- params: $first_line
UPDATE export_row
SET line_no = line_no - $first_line + 1;
