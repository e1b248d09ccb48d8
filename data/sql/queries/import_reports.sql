-- query:  import_reports
-- asks:   which versions an import makes, and how many values of the version before it leaves alone
-- grain:  one row per version
-- unit:   none
-- params: none; reads import_report and import_value
SELECT
    r.document_number,
    r.round_id,
    r.recipient_id,
    r.report_id,
    COUNT(a.indicator_no) FILTER (WHERE v.indicator_no IS NULL) AS kept_count
FROM import_report AS r
LEFT JOIN actual AS a ON a.report_id = r.previous_report_id
LEFT JOIN import_value AS v
    ON v.document_number = r.document_number AND v.round_id = r.round_id AND v.recipient_id = r.recipient_id
    AND v.indicator_no = a.indicator_no
GROUP BY r.document_number, r.round_id, r.recipient_id, r.report_id;
