-- check:    P08
-- title:    从救助资金中提取费用
-- severity: fatal
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元
-- params:   none; reads told_purpose
-- source:   metrics.law.NO_FEE_SOURCE, metrics.law.SEPARATE_FUND_SOURCE; reference/purpose_words.csv
-- says:     支付用途写着管理费、手续费，请停止提取并追回，查明是否向救助对象收费
-- fatal: the money is for its persons alone; a fee out of it has no lawful form.
SELECT
    recipient_id,
    '支付用途' AS subject_text,
    stated_text,
    '用于救助对象' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM told_purpose
WHERE purpose_use = 'fee'
ORDER BY recipient_id, purpose_word;
