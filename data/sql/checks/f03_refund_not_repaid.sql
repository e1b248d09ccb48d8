-- check:    F03
-- title:    银行退回后没有重新发放
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads docked_payout, payout_unpaid, monitor_limit
-- source:   metrics.law.AID_DUTY_SOURCE, metrics.law.MONTHLY_PAYOUT_SOURCE; metrics.limits refund_days
-- says:     银行退回以后超过期限还没有重新发放，请核对账户信息，尽快补发到本人
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '退回后已过 ' || MAX(p.waited_days) || ' 天未重新发放' AS stated_text,
    '退回后 ' || MAX(l.refund_days) || ' 天内重新发放（本单位设定）' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_unpaid AS p
CROSS JOIN monitor_limit AS l
WHERE p.payout_state = 'refunded' AND p.waited_days > l.refund_days
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
