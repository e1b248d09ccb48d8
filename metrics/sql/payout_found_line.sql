-- query:  payout_found_line
-- asks:   which payouts need a look: paid again, come back unpaid, off the standard, after a stop, without a person
-- grain:  one row per list and payout
-- unit:   元; stake_yuan is the money in question, 0 for the first of several payments
-- params: none; reads payout_repeat, payout_unpaid, payout_standard, payout_after_stop, notice_payout, monitor_limit
SELECT
    'duplicate' AS list_key,
    CASE
        WHEN repeat_no = 1 AND is_across_units THEN 'first_across'
        WHEN repeat_no = 1 THEN 'first'
        WHEN is_across_units THEN 'again_across'
        ELSE 'again'
    END AS note_key,
    recipient_id,
    person_hash,
    aid_name,
    pay_month,
    paid_on,
    amount_yuan,
    CASE WHEN repeat_no = 1 THEN 0 ELSE amount_yuan END AS stake_yuan,
    CAST(NULL AS DECIMAL(18, 2)) AS standard_yuan,
    CAST(NULL AS DATE) AS stopped_on,
    file_name,
    export_no,
    line_no
FROM payout_repeat
UNION ALL
SELECT
    'refund',
    u.payout_state,
    u.recipient_id,
    u.person_hash,
    u.aid_name,
    u.pay_month,
    u.paid_on,
    u.amount_yuan,
    u.amount_yuan,
    NULL,
    NULL,
    u.file_name,
    u.export_no,
    u.line_no
FROM payout_unpaid AS u
CROSS JOIN monitor_limit AS l
WHERE u.payout_state IN ('refunded', 'failed') AND u.waited_days > l.refund_days
UNION ALL
SELECT
    'standard',
    CASE WHEN is_fixed THEN 'fixed' ELSE 'at_most' END,
    recipient_id,
    person_hash,
    aid_name,
    pay_month,
    NULL,
    amount_yuan,
    ABS(excess_yuan),
    standard_yuan,
    NULL,
    file_name,
    export_no,
    line_no
FROM payout_standard
UNION ALL
SELECT
    'stopped',
    CASE WHEN is_after_death THEN 'death' ELSE 'stop' END,
    recipient_id,
    person_hash,
    aid_name,
    pay_month,
    NULL,
    amount_yuan,
    amount_yuan,
    NULL,
    stopped_on,
    file_name,
    export_no,
    line_no
FROM payout_after_stop
UNION ALL
SELECT
    'no_person',
    CASE WHEN person_hash IS NULL THEN 'no_number' ELSE 'bad_number' END,
    recipient_id,
    person_hash,
    aid_name,
    pay_month,
    paid_on,
    amount_yuan,
    CASE WHEN payout_state = 'paid' THEN amount_yuan ELSE 0 END,
    NULL,
    NULL,
    file_name,
    export_no,
    line_no
FROM notice_payout
-- Who is found on the street may have no papers.
WHERE aid_kind <> 'homeless_aid' AND (person_hash IS NULL OR NOT is_person_no_valid);
