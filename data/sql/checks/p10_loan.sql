-- check:    P10
-- title:    救助资金用于借款还款
-- severity: warning
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, purpose_word
-- source:   metrics.law.SEPARATE_FUND_SOURCE; reference/purpose_words.csv
-- says:     支付用途写着借款、还款、往来款，请核对原始凭证，挪用的追回
-- warning: a word is found, not the voucher.
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
WHERE p.system_name = 'integrated' AND w.purpose_use = 'other'
GROUP BY p.recipient_id, p.purpose_word
ORDER BY p.recipient_id, p.purpose_word;
