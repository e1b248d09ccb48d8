-- check:    P09
-- title:    救助资金用于单位运转
-- severity: warning
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, purpose_word
-- source:   metrics.law.SEPARATE_FUND_SOURCE, metrics.law.AID_DIVERSION_SOURCE; reference/purpose_words.csv
-- says:     支付用途写着工作经费、维修、车辆等，请核对原始凭证，属于单位运转的追回
-- warning: a word is found, not the voucher; most of the words are marked 出处待核.
SELECT
    p.recipient_id,
    '支付用途' AS subject_text,
    '用途含“' || p.purpose_word || '”' AS stated_text,
    '用于救助对象' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN purpose_word AS w ON w.purpose_word = p.purpose_word
WHERE p.system_name = 'integrated' AND w.purpose_use = 'running_cost'
GROUP BY p.recipient_id, p.purpose_word
ORDER BY p.recipient_id, p.purpose_word;
