-- check:    F10
-- title:    没有按月按时发放
-- severity: note
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads payout_overdue, notice_payout, monitor_limit
-- source:   metrics.law.MONTHLY_PAYOUT_SOURCE; metrics.limits payout_day
-- says:     当月待遇首次到账已过发放截止日，请核对并说明原因；长期逾期的调整拨付和代发的时间
-- note: late is what the on-time rate calls late. What came back from the bank first is late for another reason,
-- which F03 watches.
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '首次到账最晚 ' || STRFTIME(MAX(p.paid_on), '%Y-%m-%d') || '，最长逾期 ' || MAX(p.paid_on - p.due_on)
    || ' 天' AS stated_text,
    '当月 ' || MAX(l.payout_day) || ' 日及以前到账（本单位设定）' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_overdue AS o
JOIN notice_payout AS p
    ON p.recipient_id = o.recipient_id AND p.aid_kind = o.aid_kind AND p.pay_month = o.pay_month
    AND p.person_hash = o.person_hash AND p.paid_on = o.first_paid_on
CROSS JOIN monitor_limit AS l
WHERE
    o.month_state = 'late'
    AND o.has_failed = 0
    AND p.payout_state = 'paid'
    AND p.amount_yuan > 0
    AND p.is_monthly
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
