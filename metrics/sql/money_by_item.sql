-- query:  money_by_item
-- asks:   how much was registered, paid and paid out under each account
-- grain:  one row per recipient and account: the seven of this money, and any other that a row is booked to; and one
--         in all per account with an empty recipient_id
-- unit:   元
-- params: none; reads money_step, money_sum, budget_item
-- empty:  a step without an export is NULL (未对接); with an export and no rows of the account it is 0
WITH code AS (
    SELECT
        m.recipient_id,
        i.code AS budget_item_code
    FROM money_step AS m
    CROSS JOIN budget_item AS i
    WHERE i.item_use = 'normal'
    UNION
    SELECT
        recipient_id,
        budget_item_code
    FROM money_sum
),

summed AS (
    SELECT
        recipient_id,
        budget_item_code,
        SUM(CASE WHEN record_kind = 'allotment' THEN amount_yuan END) AS registered_yuan,
        SUM(CASE WHEN record_kind = 'payment' THEN amount_yuan END) AS paid_yuan,
        SUM(CASE WHEN record_kind = 'payout' THEN amount_yuan END) AS paid_out_yuan
    FROM money_sum
    GROUP BY recipient_id, budget_item_code
),

unit AS (
    SELECT
        m.recipient_id,
        m.recipient_name,
        m.recipient_short_name,
        m.display_no,
        c.budget_item_code,
        CASE WHEN m.registered_yuan IS NOT NULL THEN COALESCE(s.registered_yuan, 0) END AS registered_yuan,
        CASE WHEN m.paid_yuan IS NOT NULL THEN COALESCE(s.paid_yuan, 0) END AS paid_yuan,
        CASE WHEN m.paid_out_yuan IS NOT NULL THEN COALESCE(s.paid_out_yuan, 0) END AS paid_out_yuan
    FROM money_step AS m
    JOIN code AS c ON c.recipient_id = m.recipient_id
    LEFT JOIN summed AS s ON s.recipient_id = c.recipient_id AND s.budget_item_code = c.budget_item_code
),

together AS (
    SELECT * FROM unit
    UNION ALL
    SELECT
        '' AS recipient_id,
        '合计' AS recipient_name,
        '合计' AS recipient_short_name,
        2147483647 AS display_no,
        budget_item_code,
        SUM(registered_yuan) AS registered_yuan,
        SUM(paid_yuan) AS paid_yuan,
        SUM(paid_out_yuan) AS paid_out_yuan
    FROM unit
    GROUP BY budget_item_code
)

SELECT
    t.*,
    COALESCE(i.item_name, '') AS item_name,
    COALESCE(i.item_use, 'unknown') AS item_use
FROM together AS t
LEFT JOIN budget_item AS i ON i.code = t.budget_item_code
ORDER BY t.display_no, CASE WHEN i.item_use = 'normal' THEN 0 ELSE 1 END, t.budget_item_code;
