-- query:  import_outcomes
-- asks:   what an import does with each of its rows
-- grain:  one row per row of import_value
-- unit:   none
-- params: none; reads import_value
SELECT
    row_no,
    row_outcome
FROM import_value;
