-- check:    P18
-- title:    同一凭证疑似支付两次
-- severity: fatal
-- grain:    one row per recipient, voucher and payee; no rows means pass
-- unit:     元
-- params:   none; reads counted_payment
-- source:   metrics.law.PAYMENT_DUTY_SOURCE, metrics.law.SEPARATE_FUND_SOURCE
-- says:     同一张凭证向同一账户付了两次同样的金额，请核对原始凭证，确实重复支付的追回
-- fatal: same voucher, day, account, amount and allotment under two keys leaves little doubt.
SELECT
    p.recipient_id,
    '支付凭证 ' || p.voucher_no AS subject_text,
    '同一账户 ' || p.amount_yuan || ' 元付了 ' || COUNT(*) || ' 次' AS stated_text,
    '一次' AS expected_text,
    p.amount_yuan * (COUNT(*) - 1) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no)) || '、'
    || MAX_BY(p.place_text, (p.export_no, p.line_no)) AS place_text
FROM counted_payment AS p
WHERE
    p.system_name = 'integrated'
    AND p.voucher_no <> ''
    AND p.amount_yuan > 0
    AND COALESCE(p.account_hash, p.payee_hash) IS NOT NULL
GROUP BY
    p.recipient_id, p.voucher_no, p.paid_on, p.amount_yuan, p.allotment_key, p.budget_item_code,
    COALESCE(p.account_hash, p.payee_hash)
HAVING COUNT(DISTINCT p.payment_key) > 1
ORDER BY p.recipient_id, p.voucher_no;
