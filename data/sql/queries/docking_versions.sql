-- query:  docking_versions
-- asks:   which versions of the mappings of exports there are
-- grain:  one row per mapping and version, the newest first
-- unit:   none
-- params: none
SELECT
    mapping_key,
    mapping_version,
    system_name,
    record_kind,
    source_text,
    change_reason,
    adopted_at,
    adopted_by
FROM docking_version
ORDER BY mapping_key, mapping_version DESC;
