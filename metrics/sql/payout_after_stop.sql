-- query:  payout_after_stop
-- asks:   what was paid for a month after the day on which the person's aid had to stop
-- grain:  one row per such paid payout; after a death in any unit, for other reasons in the unit that stopped it
-- unit:   元
-- params: none; reads notice_payout, docked_stop
SELECT
    p.export_no,
    p.file_name,
    p.line_no,
    p.recipient_id,
    p.aid_kind,
    p.aid_name,
    p.pay_month,
    p.amount_yuan,
    p.person_hash,
    MIN(s.stopped_on) AS stopped_on,
    MAX(CASE WHEN s.stop_word = 'death' THEN 1 ELSE 0 END) = 1 AS is_after_death
FROM notice_payout AS p
JOIN docked_stop AS s ON s.person_hash = p.person_hash
WHERE
    p.payout_state = 'paid'
    AND p.amount_yuan > 0
    AND p.pay_month > s.stopped_on
    AND (s.stop_word = 'death' OR (s.recipient_id = p.recipient_id AND (s.aid_kind = '' OR s.aid_kind = p.aid_kind)))
GROUP BY
    p.export_no, p.file_name, p.line_no, p.recipient_id, p.aid_kind, p.aid_name, p.pay_month, p.amount_yuan,
    p.person_hash;
