-- check:    P06
-- title:    资金转入单位实有资金账户
-- severity: fatal
-- grain:    one row per recipient and payee; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment
-- source:   metrics.law.REAL_NAME_SOURCE, metrics.law.TO_OWN_ACCOUNT_SOURCE; reference/payee_words.csv
-- says:     资金付给了财政、民政、乡镇等单位自己的账户，请追回原渠道，直接支付到人或供养机构
-- fatal: the rule forbids it; money in a unit's own account is out of sight.
SELECT
    p.recipient_id,
    '收款人' AS subject_text,
    CASE WHEN p.payee_text = '' THEN '支付单位自己' ELSE p.payee_text END AS stated_text,
    '救助对象本人、监护人、供养机构或代发银行' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
WHERE p.system_name = 'integrated' AND p.payee_kind = 'agency'
GROUP BY p.recipient_id, p.payee_text
ORDER BY p.recipient_id, p.payee_text;
