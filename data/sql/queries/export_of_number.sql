-- query:  export_of_number
-- asks:   what is known of one export
-- grain:  one row, or none if there is no such export
-- unit:   none
-- params: $export_no
SELECT
    export_no,
    system_name,
    record_kind,
    recipient_id,
    file_name,
    row_count,
    ended_at
FROM docked_export
WHERE export_no = $export_no;
