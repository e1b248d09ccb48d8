-- query:  payout_person_month
-- asks:   was each person given each kind of aid for each month by the payout day
-- grain:  one row per recipient, kind of aid, month and person; rows without a person are not in it
-- unit:   元
-- params: none; reads payout_counted
-- rule:   the first success counts. On the payout day itself is on time; unpaid at the end of that day is unpaid.
--         Unpaid before that day is not due. Paid on a day that nobody wrote down is neither on time nor late. What
--         was paid and taken back whole is not paid.
WITH gathered AS (
    SELECT
        recipient_id,
        aid_kind,
        pay_month,
        person_hash,
        MIN(due_on) AS due_on,
        MIN(until_on) AS until_on,
        MIN(CASE WHEN payout_state = 'paid' AND amount_yuan > 0 THEN paid_on END) AS first_paid_on,
        MAX(CASE WHEN payout_state IN ('refunded', 'failed') THEN 1 ELSE 0 END) AS has_failed,
        SUM(CASE WHEN payout_state = 'paid' THEN amount_yuan ELSE 0 END) AS paid_yuan
    FROM payout_counted
    WHERE person_hash IS NOT NULL
    GROUP BY recipient_id, aid_kind, pay_month, person_hash
)

SELECT
    recipient_id,
    aid_kind,
    pay_month,
    person_hash,
    due_on,
    until_on,
    first_paid_on,
    has_failed,
    paid_yuan,
    CASE WHEN paid_yuan > 0 THEN 1 ELSE 0 END AS has_paid,
    CASE
        WHEN paid_yuan > 0 AND first_paid_on <= due_on THEN 'on_time'
        WHEN paid_yuan > 0 AND first_paid_on > due_on THEN 'late'
        WHEN paid_yuan > 0 THEN 'undated'
        WHEN until_on < due_on THEN 'not_due'
        WHEN has_failed = 1 THEN 'failed'
        ELSE 'pending'
    END AS month_state
FROM gathered;
