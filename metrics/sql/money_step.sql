-- query:  money_step
-- asks:   how much was handed down to each unit, registered, paid, paid to institutions, and paid out
-- grain:  one row per recipient of the notice
-- unit:   元
-- params: none; reads unit_money, money_docked, money_sum, money_handed
-- empty:  a step without an export is NULL (未对接); with an export and no rows it is 0
WITH docked AS (
    SELECT
        recipient_id,
        MAX(CASE WHEN record_kind = 'allotment' THEN system_name END) AS allotment_system,
        MAX(CASE WHEN record_kind = 'payment' THEN system_name END) AS payment_system,
        MAX(CASE WHEN record_kind = 'payout' THEN system_name END) AS payout_system
    FROM money_docked
    GROUP BY recipient_id
),

summed AS (
    SELECT
        recipient_id,
        SUM(CASE WHEN record_kind = 'allotment' THEN amount_yuan END) AS registered_yuan,
        SUM(CASE WHEN record_kind = 'payment' THEN amount_yuan END) AS paid_yuan,
        SUM(CASE WHEN record_kind = 'payout' THEN amount_yuan END) AS paid_out_yuan
    FROM money_sum
    GROUP BY recipient_id
)

SELECT
    u.recipient_id,
    u.recipient_name,
    u.recipient_short_name,
    u.display_no,
    u.after_yuan AS allocated_yuan,
    CASE WHEN d.allotment_system IS NOT NULL THEN COALESCE(s.registered_yuan, 0) END AS registered_yuan,
    CASE WHEN d.payment_system IS NOT NULL THEN COALESCE(s.paid_yuan, 0) END AS paid_yuan,
    h.to_institution_yuan,
    CASE WHEN d.payout_system IS NOT NULL THEN COALESCE(s.paid_out_yuan, 0) END AS paid_out_yuan,
    h.list_due_yuan,
    h.hooked_yuan,
    COALESCE(d.payout_system, '') AS payout_system
FROM unit_money AS u
JOIN docked AS d ON d.recipient_id = u.recipient_id
LEFT JOIN summed AS s ON s.recipient_id = u.recipient_id
LEFT JOIN money_handed AS h ON h.recipient_id = u.recipient_id;
