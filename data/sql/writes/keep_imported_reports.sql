-- write:  keep_imported_reports
-- does:   keeps the new versions of an import
-- grain:  one row per row of import_report
-- unit:   元
-- params: $file_name, $file_sha256, $filled_by, $at, $submitted_by
INSERT INTO report BY NAME
SELECT
    report_id,
    document_number,
    round_id,
    recipient_id,
    report_version,
    paid_yuan,
    $file_name AS file_name,
    $file_sha256 AS file_sha256,
    $filled_by AS filled_by,
    $at AS submitted_at,
    $submitted_by AS submitted_by
FROM import_report;
