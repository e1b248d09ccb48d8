-- check:    P11
-- title:    支付没有写用途
-- severity: note
-- grain:    one row per recipient; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment
-- source:   metrics.law.MONITORING_DATA_SOURCE
-- says:     支付没有写用途或用途没有汉字，看不出用在哪里，请在系统里补写
-- note: bad book-keeping, no money at stake yet.
SELECT
    p.recipient_id,
    '支付用途' AS subject_text,
    '没有写' AS stated_text,
    '写明救助项目和月份' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
WHERE p.system_name = 'integrated' AND NOT p.has_purpose
GROUP BY p.recipient_id
ORDER BY p.recipient_id;
