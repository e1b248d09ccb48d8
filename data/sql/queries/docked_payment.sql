-- query:  docked_payment
-- asks:   which payments each system says were made, of the exports that hold
-- grain:  one row per row of a current export; is_of_notice where it is booked under the notice or what it adjusts
-- unit:   元
-- params: none; reads current_export, fund_document
SELECT
    e.system_name,
    e.file_name,
    r.export_no,
    r.line_no,
    r.payment_key,
    r.voucher_no,
    r.allotment_key,
    r.document_number,
    r.fiscal_year,
    r.recipient_id,
    r.budget_item_code,
    r.marker_text,
    r.paid_on,
    r.amount_yuan,
    r.payee_kind,
    r.payee_text,
    r.payee_hash,
    r.account_hash,
    r.purpose_word,
    r.has_purpose,
    r.document_number IN (SELECT f.document_number FROM fund_document AS f) AS is_of_notice,
    '《' || e.file_name || '》第 ' || r.line_no || ' 行' AS place_text
FROM payment AS r
JOIN current_export AS e ON e.export_no = r.export_no;
