-- query:  payout_standard
-- asks:   which payouts are not what the unit's standard in force for the month says
-- grain:  one row per paid payout that is above a standard, or not equal to a fixed one
-- unit:   元
-- params: none; reads notice_payout, standard_in_force
SELECT
    p.export_no,
    p.file_name,
    p.line_no,
    p.recipient_id,
    p.aid_kind,
    p.aid_name,
    p.pay_month,
    p.amount_yuan,
    p.person_hash,
    s.standard_yuan,
    s.is_fixed,
    p.amount_yuan - s.standard_yuan AS excess_yuan
FROM notice_payout AS p
JOIN standard_in_force AS s
    ON s.recipient_id = p.recipient_id AND s.aid_kind = p.aid_kind
    AND p.pay_month >= s.from_on AND (s.until_on IS NULL OR p.pay_month < s.until_on)
WHERE
    p.payout_state = 'paid'
    AND p.amount_yuan > 0
    AND (p.amount_yuan > s.standard_yuan OR (s.is_fixed AND p.amount_yuan <> s.standard_yuan));
