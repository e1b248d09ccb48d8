-- check:    F04
-- title:    发放失败或一直待发放
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads docked_payout, payout_unpaid, monitor_limit
-- source:   metrics.law.MONTHLY_PAYOUT_SOURCE; metrics.limits refund_days
-- says:     名册里有、钱一直没有到账，请查明失败原因，尽快补发到本人；不再发放的从名册中注明
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '已过 ' || MAX(p.waited_days) || ' 天未到账' AS stated_text,
    '失败或到期后 ' || MAX(l.refund_days) || ' 天内到账（本单位设定）' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_unpaid AS p
CROSS JOIN monitor_limit AS l
WHERE p.payout_state IN ('failed', 'pending') AND p.waited_days > l.refund_days
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
