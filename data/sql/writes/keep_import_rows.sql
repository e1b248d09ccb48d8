-- write:  keep_import_rows
-- does:   keeps what became of each row of an import, as the person was told
-- grain:  one row per row of the file
-- unit:   none
-- params: $entry_no; reads import_outcome
INSERT INTO import_row BY NAME
SELECT
    $entry_no AS entry_no,
    *
FROM import_outcome;
