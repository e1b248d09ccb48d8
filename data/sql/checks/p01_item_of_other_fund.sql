-- check:    P01
-- title:    这笔资金列支到别的科目
-- severity: fatal
-- grain:    one row per recipient and account; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, budget_item
-- source:   metrics.law.SEPARATE_FUND_SOURCE, metrics.law.SEPARATE_BOOKS_SOURCE; reference/budget_items.csv
-- says:     支付所列科目不是困难群众救助的科目，请核对原始凭证，错列的更正科目，挪用的追回
-- fatal: the notice names class 208. Accounts of class 208 that are not this fund's are P02's.
SELECT
    p.recipient_id,
    '支付科目' AS subject_text,
    p.budget_item_code || COALESCE(' ' || COALESCE(MIN(i.item_name), MIN(c.item_name)), '') AS stated_text,
    '208 类下本资金的七个项级科目' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
LEFT JOIN budget_item AS i ON i.code = p.budget_item_code
LEFT JOIN budget_item AS c ON c.code = SUBSTR(p.budget_item_code, 1, 3)
WHERE p.system_name = 'integrated' AND p.budget_item_code <> '' AND NOT STARTS_WITH(p.budget_item_code, '208')
GROUP BY p.recipient_id, p.budget_item_code
ORDER BY p.recipient_id, p.budget_item_code;
