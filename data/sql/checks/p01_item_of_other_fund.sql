-- check:    P01
-- title:    列支到 208 类以外的科目
-- severity: fatal
-- grain:    one row per recipient and account; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.SEPARATE_FUND_SOURCE, metrics.law.SEPARATE_BOOKS_SOURCE; reference/budget_items.csv
-- says:     支付所列科目不在 208 类里，请核对原始凭证：列错的更正科目，确实用在别处的追回
-- fatal: the notice names class 208. Accounts of class 208 that are not this fund's are P02's.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '208 类下本资金的七个项级科目' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind IN ('item_suspect', 'item_other_fund', 'item_unknown')
ORDER BY recipient_id, subject_text, stated_text;
