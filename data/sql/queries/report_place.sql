-- query:  report_place
-- asks:   of which notice, round and unit a version of a report is
-- grain:  one row, or none
-- unit:   none
-- params: $report_id
SELECT
    r.document_number,
    r.round_id,
    r.recipient_id,
    r.report_version,
    o.round_name
FROM report AS r
JOIN round AS o ON o.notice_key = r.notice_key AND o.round_id = r.round_id
WHERE r.notice_key = notice_key($report_id) AND r.report_id = $report_id;
