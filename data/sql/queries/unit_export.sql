-- query:  unit_export
-- asks:   up to which day each system's exports speak of each unit
-- grain:  one row per unit of the notice, system and kind of record with an export that holds; none: nothing is known
-- unit:   none
-- params: none; reads current_export, unit_money
SELECT
    u.recipient_id,
    e.system_name,
    e.record_kind,
    MAX(LEAST(e.period_to_on, CAST(e.loaded_at AS DATE))) AS until_on,
    '《' || MAX_BY(e.file_name, e.export_no) || '》' AS file_text
FROM unit_money AS u
JOIN current_export AS e ON e.export_recipient_id IN ('', u.recipient_id)
GROUP BY u.recipient_id, e.system_name, e.record_kind;
