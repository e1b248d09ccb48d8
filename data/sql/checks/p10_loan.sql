-- check:    P10
-- title:    救助资金用于借款还款
-- severity: warning
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元
-- params:   none; reads told_purpose
-- source:   metrics.law.SEPARATE_FUND_SOURCE; reference/purpose_words.csv
-- says:     支付用途写着借款、还款、往来款，请核对原始凭证，挪用的追回
-- warning: a word is found, not the voucher.
SELECT
    recipient_id,
    '支付用途' AS subject_text,
    stated_text,
    '用于救助对象' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM told_purpose
WHERE purpose_use = 'other'
ORDER BY recipient_id, purpose_word;
