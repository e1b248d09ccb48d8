-- check:    P23
-- title:    低保金付给机构
-- severity: warning
-- grain:    one row per recipient and payee; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, budget_item
-- source:   metrics.law.TO_OWN_ACCOUNT_SOURCE; reference/payee_words.csv
-- says:     低保金付给了机构，原则上应当付到低保对象本人账户，请核对并改付本人
-- warning: 原则上 leaves room for who lives in an institution. Money of other accounts may go there.
SELECT
    p.recipient_id,
    MIN(i.item_name) || '的收款人' AS subject_text,
    CASE WHEN p.payee_text = '' THEN '机构' ELSE p.payee_text END AS stated_text,
    '低保对象本人或代发银行' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN budget_item AS i ON i.code = p.budget_item_code
WHERE
    p.system_name = 'integrated'
    AND p.payee_kind = 'institution'
    AND p.budget_item_code IN ('2081901', '2081902')
GROUP BY p.recipient_id, p.budget_item_code, p.payee_text
ORDER BY p.recipient_id, p.budget_item_code, p.payee_text;
