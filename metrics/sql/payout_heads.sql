-- query:  payout_heads
-- asks:   how many persons were paid, and how much, by unit, kind of aid and month
-- grain:  one row per recipient, kind of aid and month with payouts of known persons
-- unit:   persons; 元
-- params: none; reads payout_person_month, unit_money, aid_kind_name
SELECT
    p.recipient_id,
    u.recipient_name,
    u.recipient_short_name,
    u.display_no,
    p.aid_kind,
    COALESCE(k.aid_name, p.aid_kind) AS aid_name,
    p.pay_month,
    SUM(p.has_paid) AS person_count,
    SUM(p.paid_yuan) AS paid_yuan
FROM payout_person_month AS p
JOIN unit_money AS u ON u.recipient_id = p.recipient_id
LEFT JOIN aid_kind_name AS k ON k.aid_kind = p.aid_kind
GROUP BY
    p.recipient_id, u.recipient_name, u.recipient_short_name, u.display_no, p.aid_kind, k.aid_name, p.pay_month
ORDER BY u.display_no, p.aid_kind, p.pay_month;
