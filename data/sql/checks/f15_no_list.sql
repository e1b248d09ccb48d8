-- check:    F15
-- title:    支付给代发银行后没有发放明细
-- severity: warning
-- grain:    one row per recipient and file; no rows means pass
-- unit:     元
-- params:   none; reads docked_payment, asked, monitor_limit, unit_export, docked_payout
-- source:   metrics.law.REAL_NAME_SOURCE, metrics.law.ONE_CARD_SOURCE; metrics.limits payout_gap_days
-- says:     钱付给了代发银行，过了期限还没有导入发放到人的明细，请核对；属实的补导明细，说明钱是否已到本人
-- warning: the list may be in a later export of payouts; days are counted to the day that the loaded one reaches.
SELECT
    p.recipient_id,
    '支付给代发银行' AS subject_text,
    COUNT(*) || ' 笔支付没有发放明细，最长已过 ' || MAX(LEAST(a.as_of_on, e.until_on) - p.paid_on)
    || ' 天' AS stated_text,
    '支付后 ' || MAX(l.payout_gap_days) || ' 天内有发放明细（本单位设定）' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM docked_payment AS p
CROSS JOIN asked AS a
CROSS JOIN monitor_limit AS l
JOIN unit_export AS e
    ON e.recipient_id = p.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'payout'
LEFT JOIN (
    SELECT DISTINCT payment_key
    FROM docked_payout
    WHERE system_name = 'integrated' AND payment_key <> ''
) AS o ON o.payment_key = p.payment_key
WHERE
    p.is_of_notice
    AND p.system_name = 'integrated'
    AND p.payee_kind = 'bank'
    AND p.amount_yuan > 0
    AND LEAST(a.as_of_on, e.until_on) - p.paid_on > l.payout_gap_days
    AND o.payment_key IS NULL
GROUP BY p.recipient_id, p.file_name
ORDER BY p.recipient_id, p.file_name;
