-- write:  end_export
-- does:   lets an export hold no longer; its rows stay
-- grain:  one row of docked_export
-- unit:   none
-- params: $export_no, $at, $ended_by, $end_reason, $replaced_by_no
UPDATE docked_export
SET
    ended_at = $at,
    ended_by = $ended_by,
    end_reason = $end_reason,
    replaced_by_no = $replaced_by_no
WHERE export_no = $export_no AND ended_at IS NULL;
