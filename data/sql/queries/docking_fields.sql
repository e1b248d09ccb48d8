-- query:  docking_fields
-- asks:   under which heads the fields of an export stand, by the newest version of its mapping
-- grain:  one row per field and head, in the order of adoption
-- unit:   none
-- params: $mapping_key
SELECT
    f.mapping_key,
    f.mapping_version,
    v.system_name,
    v.record_kind,
    f.field_name,
    f.head_text,
    f.unit_text,
    f.is_required
FROM docking_field AS f
JOIN docking_version AS v ON v.mapping_key = f.mapping_key AND v.mapping_version = f.mapping_version
WHERE
    f.mapping_key = $mapping_key
    AND f.mapping_version = (SELECT MAX(n.mapping_version) FROM docking_version AS n WHERE n.mapping_key = $mapping_key)
ORDER BY f.rowid;
