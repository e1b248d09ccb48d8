-- query:  comparable_payout
-- asks:   which payouts of published notices both systems can be asked about
-- grain:  one row per docked payout that succeeded, of a unit and day of which the other system's exports tell
-- unit:   元
-- params: none; reads docked_payout, export_cover
SELECT
    p.system_name,
    p.file_name,
    p.export_no,
    p.line_no,
    p.document_number,
    p.recipient_id,
    p.budget_item_code,
    p.marker_text,
    p.pay_month,
    p.aid_kind,
    p.paid_on,
    p.amount_yuan,
    p.person_hash
FROM docked_payout AS p
JOIN export_cover AS o
    ON o.system_name <> p.system_name
    AND o.record_kind = 'payout'
    AND o.recipient_id = p.recipient_id
    -- The day by which the loader tells whether a payout belongs to an export's period.
    AND COALESCE(p.paid_on, p.pay_month) BETWEEN o.from_on AND o.until_on
WHERE p.is_of_notice AND p.payout_state = 'paid';
