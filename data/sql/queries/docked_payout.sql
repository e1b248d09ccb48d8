-- query:  docked_payout
-- asks:   which payouts to persons each system says were made, of the exports that hold
-- grain:  one row per row of a current export; is_of_notice where it is booked under the notice or what it adjusts
-- unit:   元
-- params: none; reads current_export, fund_document
SELECT
    e.system_name,
    e.file_name,
    r.export_no,
    r.line_no,
    r.payout_key,
    r.payment_key,
    r.document_number,
    r.recipient_id,
    r.budget_item_code,
    r.marker_text,
    r.aid_kind,
    r.pay_month,
    r.paid_on,
    r.amount_yuan,
    r.person_hash,
    r.is_person_no_valid,
    r.account_hash,
    r.channel,
    r.payout_state,
    r.document_number IN (SELECT f.document_number FROM fund_document AS f) AS is_of_notice
FROM payout AS r
JOIN current_export AS e ON e.export_no = r.export_no;
