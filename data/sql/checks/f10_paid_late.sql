-- check:    F10
-- title:    没有按月按时发放
-- severity: note
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads docked_payout, monitor_limit
-- source:   metrics.law.MONTHLY_PAYOUT_SOURCE; metrics.limits payout_day
-- says:     当月待遇过了发放截止日才到账，请说明原因；长期逾期的调整拨付和代发的时间
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '最晚 ' || STRFTIME(MAX(p.paid_on), '%Y-%m-%d') || ' 到账，最长逾期 ' || MAX(p.paid_on - p.due_on)
    || ' 天' AS stated_text,
    '当月 ' || MAX(l.payout_day) || ' 日及以前到账（本单位设定）' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
CROSS JOIN monitor_limit AS l
LEFT JOIN (
    -- What came back from the bank first is late for another reason, which F03 watches.
    SELECT DISTINCT person_hash, aid_kind, pay_month
    FROM notice_payout
    WHERE payout_state IN ('refunded', 'failed')
) AS r ON r.person_hash = p.person_hash AND r.aid_kind = p.aid_kind AND r.pay_month = p.pay_month
WHERE
    p.payout_state = 'paid'
    AND p.amount_yuan > 0
    AND p.is_monthly
    AND p.paid_on > p.due_on
    AND r.person_hash IS NULL
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
