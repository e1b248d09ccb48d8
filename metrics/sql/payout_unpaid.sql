-- query:  payout_unpaid
-- asks:   what came back from the bank, failed or waits, and was not paid to the person for that month since
-- grain:  one row per payout that is refunded, failed or pending
-- unit:   元; days
-- params: none; reads notice_payout
SELECT
    p.export_no,
    p.file_name,
    p.line_no,
    p.recipient_id,
    p.aid_kind,
    p.aid_name,
    p.pay_month,
    p.paid_on,
    p.due_on,
    p.waited_days,
    p.amount_yuan,
    p.person_hash,
    p.payout_state
FROM notice_payout AS p
LEFT JOIN (
    SELECT DISTINCT person_hash, aid_kind, pay_month
    FROM notice_payout
    WHERE payout_state = 'paid' AND amount_yuan > 0 AND person_hash IS NOT NULL
) AS g ON g.person_hash = p.person_hash AND g.aid_kind = p.aid_kind AND g.pay_month = p.pay_month
WHERE p.payout_state IN ('refunded', 'failed', 'pending') AND p.amount_yuan > 0 AND g.person_hash IS NULL;
