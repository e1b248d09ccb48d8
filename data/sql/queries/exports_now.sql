-- query:  exports_now
-- asks:   which exports hold now, and of which kinds none was ever loaded
-- grain:  one row per system, kind and export that holds; one empty one where there is none
-- unit:   none
-- params: none
SELECT
    k.system_name,
    k.record_kind,
    COALESCE(e.recipient_id, '') AS recipient_id,
    COALESCE(r.recipient_name, '') AS recipient_name,
    e.export_no,
    e.row_count,
    e.rejected_count,
    e.period_from_on,
    e.period_to_on,
    e.file_name,
    e.loaded_at,
    e.loaded_by
FROM (
    SELECT system_name, record_kind, MIN(mapping_key) AS mapping_key
    FROM docking_version
    GROUP BY ALL
) AS k
LEFT JOIN docked_export AS e
    ON e.system_name = k.system_name AND e.record_kind = k.record_kind AND e.ended_at IS NULL
LEFT JOIN recipient AS r ON r.recipient_id = e.recipient_id
ORDER BY k.system_name, k.mapping_key, r.display_no NULLS FIRST, e.period_from_on, e.export_no;
