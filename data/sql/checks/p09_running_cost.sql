-- check:    P09
-- title:    救助资金用于单位运转
-- severity: warning
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元
-- params:   none; reads told_purpose
-- source:   metrics.law.SEPARATE_FUND_SOURCE, metrics.law.AID_DIVERSION_SOURCE; reference/purpose_words.csv
-- says:     支付用途写着工作经费、维修、车辆等，请核对原始凭证，属于单位运转的追回
-- warning: a word is found, not the voucher; most of the words are marked 出处待核.
SELECT
    recipient_id,
    '支付用途' AS subject_text,
    stated_text,
    '用于救助对象' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM told_purpose
WHERE purpose_use = 'running_cost'
ORDER BY recipient_id, purpose_word;
