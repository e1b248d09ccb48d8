-- query:  export_cover
-- asks:   of which units each system's exports that hold tell something, by kind of record
-- grain:  one row per system, kind of record and recipient with at least one export that holds
-- unit:   none
-- params: none; reads current_export
SELECT DISTINCT
    e.system_name,
    e.record_kind,
    r.recipient_id
FROM recipient AS r
JOIN current_export AS e ON e.export_recipient_id IN ('', r.recipient_id);
