-- check:    P10
-- title:    用途疑似借款还款
-- severity: warning
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.SEPARATE_FUND_SOURCE; reference/purpose_words.csv
-- says:     支付用途里有借款、还款、往来款的字样，请核对原始凭证；确实用于借款还款的追回
-- warning: a word is found, not the voucher.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '用于救助对象' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'purpose_other'
ORDER BY recipient_id, subject_text, stated_text;
