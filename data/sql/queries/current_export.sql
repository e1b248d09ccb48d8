-- query:  current_export
-- asks:   which loaded exports held at a moment
-- grain:  one row per export
-- unit:   none
-- params: $as_of
SELECT
    export_no,
    system_name,
    record_kind,
    recipient_id AS export_recipient_id,
    period_from_on,
    period_to_on,
    file_name,
    loaded_at
FROM docked_export
WHERE loaded_at <= $as_of AND (ended_at IS NULL OR ended_at > $as_of);
