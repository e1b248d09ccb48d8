-- query:  money_payout
-- asks:   how much the lists of persons say was paid out, and of how much there is a list, payment by payment
-- grain:  one row per recipient, account and payment that the list names; its key is empty where the list names none
-- unit:   元; listed is whatever became of the payout, paid out is what reached the person
-- params: none; reads docked_payout, money_docked, asked
SELECT
    r.recipient_id,
    r.budget_item_code,
    r.payment_key,
    SUM(r.amount_yuan) AS listed_yuan,
    SUM(CASE WHEN r.payout_state = 'paid' THEN r.amount_yuan END) AS paid_out_yuan
FROM docked_payout AS r
JOIN money_docked AS d
    ON d.recipient_id = r.recipient_id AND d.record_kind = 'payout' AND d.system_name = r.system_name
CROSS JOIN asked AS a
WHERE r.is_of_notice AND COALESCE(r.paid_on, a.as_of_on) <= a.as_of_on
GROUP BY r.recipient_id, r.budget_item_code, r.payment_key;
