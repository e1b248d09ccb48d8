-- write:  begin_import_reports
-- does:   starts a work table with the new versions that an import makes: none where every value is as before
-- grain:  one row per document number, round and unit
-- unit:   元
-- params: none; reads import_value
CREATE OR REPLACE TEMP TABLE import_report AS
SELECT
    v.document_number,
    v.round_id,
    v.recipient_id,
    COALESCE(MAX(v.previous_version), 0) + 1 AS report_version,
    v.document_number || '|' || v.round_id || '|' || v.recipient_id || '|'
    || CAST(COALESCE(MAX(v.previous_version), 0) + 1 AS TEXT) AS report_id,
    MAX(v.previous_report_id) AS previous_report_id,
    CASE
        WHEN BOOL_OR(v.indicator_no = 0) THEN MAX(v.paid_yuan) FILTER (WHERE v.indicator_no = 0)
        ELSE MAX(p.paid_yuan)
    END AS paid_yuan
FROM import_value AS v
LEFT JOIN report AS p ON p.report_id = v.previous_report_id
GROUP BY v.document_number, v.round_id, v.recipient_id
HAVING BOOL_OR(v.row_outcome <> 'unchanged');
