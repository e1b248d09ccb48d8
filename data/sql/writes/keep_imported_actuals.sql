-- write:  keep_imported_actuals
-- does:   keeps the values of an import's versions: those of the file, and of indicators that are not in the file
--         those of the version before
-- grain:  one row per indicator of a version
-- unit:   as reported
-- params: none; reads import_value and import_report
INSERT INTO actual BY NAME
SELECT
    r.report_id,
    notice_key(r.report_id) AS notice_key,
    v.indicator_no,
    v.numerator,
    v.denominator,
    v.actual_value,
    v.prior_value,
    v.band,
    v.band_share,
    v.is_not_applicable,
    v.evidence_text,
    v.deviation_reason,
    v.improvement_measure,
    v.place_text,
    v.claimed_micro
FROM import_value AS v
JOIN import_report AS r
    ON r.document_number = v.document_number AND r.round_id = v.round_id AND r.recipient_id = v.recipient_id
WHERE v.indicator_no <> 0 AND v.is_kept
UNION ALL BY NAME
SELECT a.* REPLACE (r.report_id AS report_id)
FROM import_report AS r
JOIN actual AS a ON a.notice_key = notice_key(r.report_id) AND a.report_id = r.previous_report_id
WHERE NOT EXISTS (
    SELECT 1
    FROM import_value AS v
    WHERE
        v.document_number = r.document_number
        AND v.round_id = r.round_id
        AND v.recipient_id = r.recipient_id
        AND v.indicator_no = a.indicator_no
);
