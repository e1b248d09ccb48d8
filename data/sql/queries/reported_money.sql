-- query:  reported_money
-- asks:   what each unit's newest report of each round says was paid
-- grain:  one row per recipient and round with a report
-- unit:   元; empty where the report does not say
-- params: $notice_key, $as_of
SELECT
    p.round_id,
    r.round_name,
    r.period_end_on,
    p.recipient_id,
    p.report_id,
    p.paid_yuan,
    p.submitted_at
FROM report AS p
JOIN round AS r ON r.notice_key = p.notice_key AND r.round_id = p.round_id
WHERE p.notice_key = $notice_key AND p.submitted_at <= $as_of
QUALIFY ROW_NUMBER() OVER (PARTITION BY p.round_id, p.recipient_id ORDER BY p.report_version DESC) = 1;
