-- query:  import_reports
-- asks:   which versions an import makes, how many values the version before has (empty without one), how many of them
--         it leaves alone, and how many the new version has
-- grain:  one row per version
-- unit:   none
-- params: none; reads import_report and import_value
SELECT
    r.document_number,
    r.round_id,
    r.recipient_id,
    r.report_id,
    CASE WHEN r.previous_report_id IS NOT NULL THEN COUNT(a.indicator_no) END AS previous_count,
    COUNT(a.indicator_no) FILTER (WHERE v.indicator_no IS NULL) AS kept_count,
    COUNT(a.indicator_no) FILTER (WHERE v.indicator_no IS NULL) + MAX(n.given_count) AS new_count
FROM import_report AS r
JOIN (
    SELECT
        document_number,
        round_id,
        recipient_id,
        COUNT(*) FILTER (is_kept AND indicator_no <> 0) AS given_count
    FROM import_value
    GROUP BY document_number, round_id, recipient_id
) AS n
    ON n.document_number = r.document_number AND n.round_id = r.round_id AND n.recipient_id = r.recipient_id
LEFT JOIN actual AS a ON a.report_id = r.previous_report_id
LEFT JOIN import_value AS v
    ON v.document_number = r.document_number AND v.round_id = r.round_id AND v.recipient_id = r.recipient_id
    AND v.indicator_no = a.indicator_no
GROUP BY r.document_number, r.round_id, r.recipient_id, r.report_id, r.previous_report_id;
