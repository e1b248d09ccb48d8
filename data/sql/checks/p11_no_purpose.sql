-- check:    P11
-- title:    支付没有写用途
-- severity: note
-- grain:    one row per recipient; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.MONITORING_DATA_SOURCE
-- says:     支付没有写用途或用途没有汉字，看不出用在哪里，请在系统里补写
-- note: bad book-keeping, no money at stake yet.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '写明救助项目和月份' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'purpose_empty'
ORDER BY recipient_id, subject_text, stated_text;
