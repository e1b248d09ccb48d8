-- query:  payout_counted
-- asks:   which payouts of the notice count up to a day, and what each had come to by then
-- grain:  one row per payout of the notice for a month up to the day
-- unit:   元
-- params: none; reads notice_payout, evidence_day
-- rule:   a month after the day is not counted; what was paid after the day was still to be paid then.
SELECT
    p.recipient_id,
    p.aid_kind,
    p.pay_month,
    p.due_on,
    p.paid_on,
    p.amount_yuan,
    p.person_hash,
    p.channel,
    CASE WHEN p.payout_state = 'paid' AND p.paid_on > d.until_on THEN 'pending' ELSE p.payout_state END
        AS payout_state,
    d.until_on
FROM notice_payout AS p
CROSS JOIN evidence_day AS d
WHERE p.pay_month <= d.until_on;
