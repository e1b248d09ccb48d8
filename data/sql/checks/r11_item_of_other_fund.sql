-- check:    R11
-- title:    预算指标登录到别的科目
-- severity: fatal
-- grain:    one row per recipient and account; no rows means pass
-- unit:     元
-- params:   none; reads counted_allotment, budget_item
-- source:   metrics.law.SEPARATE_BOOKS_SOURCE, metrics.law.SEPARATE_FUND_SOURCE; reference/budget_items.csv
-- says:     预算指标登录在 208 类以外的科目，请核对：登错的改到本资金的支出科目，支出指标不登在收入科目
-- fatal: the notice names class 208. Only the integrated system: the other holds a copy. An empty account is left to
-- the payment (P03): at registration a unit need not know yet what the money is spent for.
SELECT
    a.recipient_id,
    '预算指标科目' AS subject_text,
    a.budget_item_code || COALESCE(' ' || MIN(i.item_name), '') AS stated_text,
    '208 类下的支出科目' AS expected_text,
    SUM(a.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(a.place_text, (a.export_no, a.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_allotment AS a
LEFT JOIN budget_item AS i ON i.code = a.budget_item_code
WHERE a.system_name = 'integrated' AND a.budget_item_code <> '' AND NOT STARTS_WITH(a.budget_item_code, '208')
GROUP BY a.recipient_id, a.budget_item_code
ORDER BY a.recipient_id, a.budget_item_code;
