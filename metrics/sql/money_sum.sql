-- query:  money_sum
-- asks:   how much of this money was registered, paid, and paid out to persons under each account
-- grain:  one row per recipient, kind of record and account that has rows
-- unit:   元
-- params: none; reads money_allotment, money_payment, docked_payout, money_docked, asked
SELECT
    recipient_id,
    'allotment' AS record_kind,
    budget_item_code,
    SUM(amount_yuan) AS amount_yuan
FROM money_allotment
GROUP BY recipient_id, budget_item_code
UNION ALL
SELECT
    recipient_id,
    'payment' AS record_kind,
    budget_item_code,
    SUM(amount_yuan) AS amount_yuan
FROM money_payment
GROUP BY recipient_id, budget_item_code
UNION ALL
SELECT
    r.recipient_id,
    'payout' AS record_kind,
    r.budget_item_code,
    SUM(r.amount_yuan) AS amount_yuan
FROM docked_payout AS r
JOIN money_docked AS d
    ON d.recipient_id = r.recipient_id AND d.record_kind = 'payout' AND d.system_name = r.system_name
CROSS JOIN asked AS a
WHERE r.is_of_notice AND r.payout_state = 'paid' AND COALESCE(r.paid_on, a.as_of_on) <= a.as_of_on
GROUP BY r.recipient_id, r.budget_item_code;
