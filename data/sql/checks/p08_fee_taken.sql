-- check:    P08
-- title:    用途疑似提取费用
-- severity: warning
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.NO_FEE_SOURCE, metrics.law.SEPARATE_FUND_SOURCE; reference/purpose_words.csv
-- says:     支付用途里有管理费、手续费的字样，疑似从救助资金提取费用，请核对原始凭证；属实的停止提取并追回
-- warning: a word is found, not the voucher. A fee out of this money has no lawful form.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '用于救助对象' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'purpose_fee'
ORDER BY recipient_id, subject_text, stated_text;
