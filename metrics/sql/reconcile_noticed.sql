-- query:  reconcile_noticed
-- asks:   which allotments each system registered for what a notice hands down
-- grain:  one row per notice and docked line under its number or one that it adjusts, of units that an export of the
--         system covers; of units that the notice does not name, only lines under its own number. Lines under
--         another marker than the notice's stand a second time, as difference_kind marker.
-- unit:   元
-- params: none; reads docked_allotment, notice_document, noticed_money
WITH registered AS (
    SELECT
        d.notice_number,
        a.system_name,
        a.file_name,
        a.line_no,
        a.recipient_id,
        a.amount_yuan,
        a.marker_text AS registered_marker,
        n.marker_text,
        CONCAT(d.notice_number, '|', a.recipient_id) AS part_no
    FROM docked_allotment AS a
    JOIN notice_document AS d ON d.document_number = a.document_number
    LEFT JOIN noticed_money AS n ON n.notice_number = d.notice_number AND n.recipient_id = a.recipient_id
    WHERE n.recipient_id IS NOT NULL OR a.document_number = d.notice_number
)

SELECT
    notice_number, system_name, file_name, line_no, recipient_id, amount_yuan, registered_marker, part_no,
    'amount' AS difference_kind
FROM registered
UNION ALL
SELECT
    notice_number, system_name, file_name, line_no, recipient_id, amount_yuan, registered_marker, part_no, 'marker'
FROM registered
WHERE registered_marker <> marker_text AND marker_text <> '';
