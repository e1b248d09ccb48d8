-- write:  keep_imported_currents
-- does:   lets the values of an import count; a blank row reports nothing
-- grain:  one row per indicator of a version
-- unit:   as reported
-- params: none; reads import_value and import_report
INSERT INTO actual_current BY NAME
SELECT
    v.document_number,
    notice_key(v.document_number) AS notice_key,
    v.round_id,
    v.recipient_id,
    v.indicator_no,
    r.report_id,
    v.numerator,
    v.denominator,
    v.actual_value,
    v.prior_value,
    v.band,
    v.band_share,
    v.is_not_applicable,
    v.evidence_text
FROM import_value AS v
JOIN import_report AS r
    ON r.document_number = v.document_number AND r.round_id = v.round_id AND r.recipient_id = v.recipient_id
WHERE v.indicator_no <> 0 AND NOT v.is_blank;
