-- check:    P02
-- title:    列支的 208 类科目要说明理由
-- severity: warning
-- grain:    one row per recipient and account; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.SEPARATE_BOOKS_SOURCE; reference/budget_items.csv
-- says:     科目属于 208 类，但不是这笔资金常用的七个科目，请写明理由，列错的更正
-- warning: which accounts of class 208 serve this fund was gathered from other places' papers, not from the account
-- book.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '208 类下本资金的七个项级科目' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'item_ask'
ORDER BY recipient_id, subject_text, stated_text;
