-- query:  money_sum
-- asks:   how much of this money was registered, paid, and paid out to persons under each account
-- grain:  one row per recipient, kind of record and account that has rows
-- unit:   元
-- params: none; reads money_allotment, money_payment, money_payout
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
    recipient_id,
    'payout' AS record_kind,
    budget_item_code,
    SUM(paid_out_yuan) AS amount_yuan
FROM money_payout
WHERE paid_out_yuan IS NOT NULL
GROUP BY recipient_id, budget_item_code;
