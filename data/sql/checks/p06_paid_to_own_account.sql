-- check:    P06
-- title:    收款人疑似单位账户
-- severity: warning
-- grain:    one row per recipient and payee; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.REAL_NAME_SOURCE, metrics.law.TO_OWN_ACCOUNT_SOURCE; reference/payee_words.csv
-- says:     收款人名称里有财政、民政、乡镇等单位的字样，疑似单位账户，请核对；属实的追回原渠道，直接支付到人或供养机构
-- warning: a word in the payee's name speaks, not the account.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '救助对象本人、监护人、供养机构或代发银行' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'payee_agency'
ORDER BY recipient_id, subject_text, stated_text;
