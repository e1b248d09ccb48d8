-- query:  payout_unpaid
-- asks:   what came back from the bank, failed or waits, and was not paid to the person for that month since
-- grain:  one row per payout that is refunded, failed or pending
-- unit:   元; days
-- params: none; reads notice_payout
WITH waiting AS (
    SELECT
        export_no,
        file_name,
        line_no,
        recipient_id,
        aid_kind,
        aid_name,
        pay_month,
        paid_on,
        due_on,
        waited_days,
        amount_yuan,
        person_hash,
        payout_state
    FROM notice_payout
    WHERE payout_state IN ('refunded', 'failed', 'pending') AND amount_yuan > 0
),

-- Looked for among the few that wait, not gathered of all who were paid.
paid_after_all AS (
    SELECT DISTINCT
        p.person_hash,
        p.aid_kind,
        p.pay_month
    FROM waiting AS w
    JOIN notice_payout AS p
        ON p.person_hash = w.person_hash AND p.aid_kind = w.aid_kind AND p.pay_month = w.pay_month
    WHERE p.payout_state = 'paid' AND p.amount_yuan > 0
)

SELECT w.*
FROM waiting AS w
LEFT JOIN paid_after_all AS g
    ON g.person_hash = w.person_hash AND g.aid_kind = w.aid_kind AND g.pay_month = w.pay_month
WHERE g.person_hash IS NULL;
