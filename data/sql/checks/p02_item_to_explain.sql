-- check:    P02
-- title:    列支的 208 类科目要说明理由
-- severity: warning
-- grain:    one row per recipient and account; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment, budget_item
-- source:   metrics.law.SEPARATE_BOOKS_SOURCE; reference/budget_items.csv
-- says:     科目属于 208 类，但不是这笔资金常用的七个科目，请写明理由，错列的更正
-- warning: which accounts of class 208 serve this fund was gathered from other places' papers, not from the account
-- book.
SELECT
    p.recipient_id,
    '支付科目' AS subject_text,
    p.budget_item_code || COALESCE(' ' || MIN(i.item_name), '') AS stated_text,
    '208 类下本资金的七个项级科目' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
LEFT JOIN budget_item AS i ON i.code = p.budget_item_code
WHERE
    p.system_name = 'integrated'
    AND STARTS_WITH(p.budget_item_code, '208')
    AND COALESCE(i.item_use, '') <> 'normal'
GROUP BY p.recipient_id, p.budget_item_code
ORDER BY p.recipient_id, p.budget_item_code;
