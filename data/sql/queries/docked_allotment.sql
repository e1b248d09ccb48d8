-- query:  docked_allotment
-- asks:   which budget allotments each system says are registered, of the exports that hold
-- grain:  one row per row of a current export; is_of_notice where it is booked under the notice or what it adjusts
-- unit:   元
-- params: none; reads current_export, fund_document
SELECT
    e.system_name,
    e.file_name,
    r.export_no,
    r.line_no,
    r.allotment_key,
    r.document_number,
    r.upper_document_number,
    r.fiscal_year,
    r.dated_on,
    r.registered_on,
    r.recipient_id,
    r.budget_item_code,
    r.marker_text,
    r.amount_yuan,
    r.document_number IN (SELECT f.document_number FROM fund_document AS f) AS is_of_notice,
    '《' || e.file_name || '》第 ' || r.line_no || ' 行' AS place_text
FROM allotment AS r
JOIN current_export AS e ON e.export_no = r.export_no;
