-- check:    P07
-- title:    收款人疑似公司、其他单位或者不明
-- severity: warning
-- grain:    one row per recipient and payee; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.TO_OWN_ACCOUNT_SOURCE, metrics.law.SEPARATE_FUND_SOURCE; reference/payee_words.csv
-- says:     收款人不是个人、供养机构或代发银行，请核对：买实物的核对合同和去向，名称看不出是谁的查明，不属于救助支出的追回
-- warning: aid in kind for vagrants may be bought, and a name may be a person's that does not look like one.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '救助对象本人、监护人、供养机构或代发银行' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind IN ('payee_company', 'payee_other', 'payee_unknown')
ORDER BY recipient_id, subject_text, stated_text;
