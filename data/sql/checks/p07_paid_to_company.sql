-- check:    P07
-- title:    支付给公司等，不是救助对象
-- severity: warning
-- grain:    one row per recipient and payee; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment
-- source:   metrics.law.TO_OWN_ACCOUNT_SOURCE, metrics.law.SEPARATE_FUND_SOURCE; reference/payee_words.csv
-- says:     收款人是公司、商店等，请核对合同和实物去向，不属于救助支出的追回
-- warning: aid in kind for vagrants may be bought; a person has to look.
SELECT
    p.recipient_id,
    '收款人' AS subject_text,
    CASE WHEN p.payee_text = '' THEN '公司等' ELSE p.payee_text END AS stated_text,
    '救助对象本人、监护人、供养机构或代发银行' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
WHERE p.system_name = 'integrated' AND p.payee_kind IN ('company', 'other')
GROUP BY p.recipient_id, p.payee_text
ORDER BY p.recipient_id, p.payee_text;
