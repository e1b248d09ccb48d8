-- query:  money_handed
-- asks:   how much was paid to institutions that may receive it, and of how much of the rest a list of persons is due
--         and there
-- grain:  one row per recipient of the notice with payments docked
-- unit:   元; what came back is taken off
-- params: none; reads money_docked, money_payment, money_payout
-- rule:   to an institution: the payee is one and the account is not 低保, whose money goes to the person; less what a
--         list says was paid out of that payment, which has reached the person.
--         A list is due of what was paid to a bank that pays out, or to a person. It is hooked as far as a list names
--         the payment, for no more than the payment; not for more than is due, since money came back.
-- empty:  hooked is NULL where no payouts are docked, or none of the unit's lists names a payment
WITH listed AS (
    SELECT
        recipient_id,
        payment_key,
        SUM(listed_yuan) AS listed_yuan,
        SUM(paid_out_yuan) AS paid_out_yuan
    FROM money_payout
    GROUP BY recipient_id, payment_key
),

naming AS (
    SELECT
        recipient_id,
        MAX(CASE WHEN payment_key <> '' THEN 1 ELSE 0 END) AS names_payments
    FROM listed
    GROUP BY recipient_id
),

went AS (
    SELECT
        p.recipient_id,
        p.amount_yuan,
        CASE
            WHEN p.payee_kind IN ('bank', 'person') THEN 'list_due'
            WHEN p.payee_kind = 'institution' AND p.budget_item_code NOT IN ('2081901', '2081902') THEN 'institution'
            ELSE 'elsewhere'
        END AS went_to,
        CASE WHEN p.amount_yuan > 0 THEN p.amount_yuan ELSE 0 END AS most_yuan,
        COALESCE(l.listed_yuan, 0) AS listed_yuan,
        COALESCE(l.paid_out_yuan, 0) AS paid_out_yuan
    FROM money_payment AS p
    LEFT JOIN listed AS l
        ON l.recipient_id = p.recipient_id AND l.payment_key = p.payment_key AND l.payment_key <> ''
),

summed AS (
    SELECT
        recipient_id,
        SUM(CASE
            WHEN went_to = 'institution'
                THEN amount_yuan - CASE WHEN paid_out_yuan < most_yuan THEN paid_out_yuan ELSE most_yuan END
        END) AS to_institution_yuan,
        SUM(CASE WHEN went_to = 'list_due' THEN amount_yuan END) AS list_due_yuan,
        SUM(CASE
            WHEN went_to = 'list_due' THEN CASE WHEN listed_yuan < most_yuan THEN listed_yuan ELSE most_yuan END
        END) AS hooked_yuan
    FROM went
    GROUP BY recipient_id
)

SELECT
    d.recipient_id,
    COALESCE(s.to_institution_yuan, 0) AS to_institution_yuan,
    COALESCE(s.list_due_yuan, 0) AS list_due_yuan,
    CASE
        WHEN o.system_name IS NULL OR n.names_payments = 0 THEN NULL
        WHEN s.hooked_yuan > s.list_due_yuan THEN CASE WHEN s.list_due_yuan > 0 THEN s.list_due_yuan ELSE 0 END
        ELSE COALESCE(s.hooked_yuan, 0)
    END AS hooked_yuan
FROM money_docked AS d
LEFT JOIN money_docked AS o ON o.recipient_id = d.recipient_id AND o.record_kind = 'payout'
LEFT JOIN naming AS n ON n.recipient_id = d.recipient_id
LEFT JOIN summed AS s ON s.recipient_id = d.recipient_id
WHERE d.record_kind = 'payment' AND d.system_name IS NOT NULL;
