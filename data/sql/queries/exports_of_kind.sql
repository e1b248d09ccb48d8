-- query:  exports_of_kind
-- asks:   which exports of a kind and system hold now
-- grain:  one row per export
-- unit:   none
-- params: $system_name, $record_kind
SELECT
    export_no,
    recipient_id,
    period_from_on,
    period_to_on,
    file_name,
    file_sha256,
    mapping_version,
    loaded_by,
    row_count,
    rejected_count
FROM docked_export
WHERE system_name = $system_name AND record_kind = $record_kind AND ended_at IS NULL
ORDER BY export_no;
