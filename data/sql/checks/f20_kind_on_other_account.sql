-- check:    F20
-- title:    救助类别与支出科目不符
-- severity: warning
-- grain:    one row per recipient, file, kind of aid and account; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout
-- source:   metrics.law.SEPARATE_BOOKS_SOURCE; reference/budget_items.csv
-- says:     这一类救助疑似记到了别的支出科目，请核对实际支出方向；属实的更正科目，分别核算
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '列 ' || p.budget_item_code AS stated_text,
    '列 ' || ARRAY_TO_STRING(p.item_codes, ' 或 ') AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
WHERE
    p.payout_state = 'paid'
    AND p.budget_item_code <> ''
    AND p.item_codes IS NOT NULL
    AND NOT LIST_CONTAINS(p.item_codes, p.budget_item_code)
GROUP BY p.recipient_id, p.file_name, p.aid_name, p.budget_item_code, p.item_codes
ORDER BY p.recipient_id, p.file_name, p.aid_name, p.budget_item_code, p.item_codes;
