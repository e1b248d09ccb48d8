-- write:  drop_imported_currents
-- does:   takes out what counted for the indicators that an import brings; the versions stay in actual
-- grain:  one row per indicator of a version
-- unit:   none
-- params: none; reads import_value and import_report
DELETE FROM actual_current AS a
USING import_value AS v
JOIN import_report AS r
    ON r.document_number = v.document_number AND r.round_id = v.round_id AND r.recipient_id = v.recipient_id
WHERE
    a.document_number = v.document_number
    AND a.round_id = v.round_id
    AND a.recipient_id = v.recipient_id
    AND a.indicator_no = v.indicator_no;
