-- write:  keep_imported_reports
-- does:   keeps the new versions of an import; who filled it in and the known limits are those of the version before,
--         for a file says nothing of them
-- grain:  one row per row of import_report
-- unit:   元
-- params: $file_name, $file_sha256, $filled_by, $at, $submitted_by
INSERT INTO report BY NAME
SELECT
    n.report_id,
    n.document_number,
    notice_key(n.document_number) AS notice_key,
    n.round_id,
    n.recipient_id,
    n.report_version,
    n.paid_yuan,
    $file_name AS file_name,
    $file_sha256 AS file_sha256,
    COALESCE(p.filled_by, $filled_by) AS filled_by,
    COALESCE(p.statement_text, '') AS statement_text,
    $at AS submitted_at,
    $submitted_by AS submitted_by
FROM import_report AS n
LEFT JOIN report AS p ON p.report_id = n.previous_report_id;
