-- check:    P09
-- title:    用途疑似单位运转
-- severity: warning
-- grain:    one row per recipient and word; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.SEPARATE_FUND_SOURCE, metrics.law.AID_DIVERSION_SOURCE; reference/purpose_words.csv
-- says:     支付用途里有工作经费、维修、车辆等字样，请核对原始凭证；确实用于单位运转的追回
-- warning: a word is found, not the voucher; most of the words are marked 出处待核.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '用于救助对象' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'purpose_running_cost'
ORDER BY recipient_id, subject_text, stated_text;
