-- check:    P23
-- title:    低保金的收款人疑似机构
-- severity: warning
-- grain:    one row per recipient, account and payee; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.TO_OWN_ACCOUNT_SOURCE; reference/payee_words.csv
-- says:     低保金原则上付到低保对象本人账户，而收款人名称里有供养或医疗机构的字样，请核对；确实付给机构的写明理由或改付本人
-- warning: 原则上 leaves room for who lives in an institution. Money of other accounts may go there.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '低保对象本人或代发银行' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'payee_institution'
ORDER BY recipient_id, subject_text, stated_text;
