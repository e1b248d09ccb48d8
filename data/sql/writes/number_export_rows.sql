-- write:  number_export_rows
-- does:   numbers the rows of the export at hand by their place in the file
-- grain:  a row of export_row
-- unit:   none
-- params: $first_line
UPDATE export_row
SET line_no = rowid - (SELECT MIN(rowid) FROM export_row) + $first_line;
