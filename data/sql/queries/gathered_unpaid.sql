-- query:  gathered_unpaid
-- asks:   what waits longer than the limit to be paid, gathered as the findings tell it
-- grain:  one row per recipient, file, kind of aid and whether it came back from the bank
-- unit:   元; days
-- params: none; reads payout_unpaid, monitor_limit
SELECT
    p.recipient_id,
    p.file_name,
    p.aid_name,
    p.payout_state = 'refunded' AS is_refunded,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    MAX(p.waited_days) AS waited_days,
    MAX(l.refund_days) AS refund_days,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_unpaid AS p
JOIN monitor_limit AS l ON p.waited_days > l.refund_days
GROUP BY p.recipient_id, p.file_name, p.aid_name, p.payout_state = 'refunded';
