-- write:  keep_imported_events
-- does:   keeps that the versions of an import were submitted, numbered without gaps from $first_event_no
-- grain:  one row per row of import_report
-- unit:   none
-- params: $first_event_no, $at, $done_by
INSERT INTO report_event BY NAME
SELECT
    $first_event_no - 1 + ROW_NUMBER() OVER (ORDER BY report_id) AS event_no,
    report_id,
    notice_key(report_id) AS notice_key,
    'submitted' AS report_state,
    '' AS event_reason,
    $at AS happened_at,
    $done_by AS done_by
FROM import_report;
