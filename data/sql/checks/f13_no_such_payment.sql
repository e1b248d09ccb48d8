-- check:    F13
-- title:    发放明细没有挂接到支付
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout, unit_export, docked_payment
-- source:   metrics.law.REAL_NAME_SOURCE, metrics.law.SAME_DATA_SOURCE
-- says:     发放明细没有写支付明细主键，或已载入的支付信息里没有这一笔支付，请核对；属实的补正挂接关系后重新导出两份数据
-- warning: the export of payments may be older than the payout; only payouts up to its day are looked at.
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '没有写支付 ' || COUNT(*) FILTER (WHERE p.payment_key = '') || ' 笔，找不到支付 '
    || COUNT(*) FILTER (WHERE p.payment_key <> '') || ' 笔' AS stated_text,
    '每笔发放都挂接到支付信息里的一笔支付' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
JOIN unit_export AS e
    ON e.recipient_id = p.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'payment'
    AND e.until_on >= COALESCE(p.paid_on, p.due_on)
LEFT JOIN (
    SELECT DISTINCT payment_key
    FROM docked_payment
    WHERE system_name = 'integrated' AND payment_key <> ''
) AS y ON y.payment_key = p.payment_key
WHERE p.payout_state = 'paid' AND p.amount_yuan > 0 AND y.payment_key IS NULL
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
