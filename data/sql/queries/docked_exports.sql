-- query:  docked_exports
-- asks:   which exports were loaded, which of them hold, and what became of the others
-- grain:  one row per export, the newest first
-- unit:   none
-- params: none
SELECT
    e.export_no,
    e.system_name,
    e.record_kind,
    e.recipient_id,
    COALESCE(r.recipient_name, '') AS recipient_name,
    e.period_from_on,
    e.period_to_on,
    e.mapping_version,
    e.file_name,
    e.file_sha256,
    e.row_count,
    e.rejected_count,
    e.loaded_at,
    e.loaded_by,
    CASE
        WHEN e.ended_at IS NULL THEN 'current'
        WHEN e.replaced_by_no IS NOT NULL THEN 'replaced'
        ELSE 'withdrawn'
    END AS export_state,
    e.ended_at,
    e.ended_by,
    e.end_reason,
    e.replaced_by_no
FROM docked_export AS e
LEFT JOIN recipient AS r ON r.recipient_id = e.recipient_id
ORDER BY e.export_no DESC;
