-- write:  move_imported_currents
-- does:   lets the values that an import leaves alone count as those of the new version
-- grain:  one row per indicator of a version
-- unit:   none
-- params: none; reads import_report
UPDATE actual_current
SET report_id = r.report_id
FROM import_report AS r
WHERE actual_current.report_id = r.previous_report_id;
