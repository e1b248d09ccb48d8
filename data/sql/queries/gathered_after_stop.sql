-- query:  gathered_after_stop
-- asks:   what was paid for a month after a stop, gathered as the findings tell it
-- grain:  one row per recipient, file, kind of aid and whether the stop was a death
-- unit:   元
-- params: none; reads payout_after_stop
SELECT
    p.recipient_id,
    p.file_name,
    p.aid_name,
    p.is_after_death,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_after_stop AS p
GROUP BY p.recipient_id, p.file_name, p.aid_name, p.is_after_death;
