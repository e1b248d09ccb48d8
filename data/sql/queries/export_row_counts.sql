-- query:  export_row_counts
-- asks:   how many rows of the export at hand can be taken, are left out as deleted, cannot be read
-- grain:  one row
-- unit:   rows
-- params: none; reads export_row
SELECT
    COUNT(*) FILTER (WHERE fault_text = '' AND NOT is_deleted) AS row_count,
    COUNT(*) FILTER (WHERE is_deleted) AS deleted_count,
    COUNT(*) FILTER (WHERE fault_text <> '' AND NOT is_deleted) AS rejected_count
FROM export_row;
