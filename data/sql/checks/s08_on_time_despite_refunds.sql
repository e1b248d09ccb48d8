-- check:    S08
-- title:    填报按时发放率 100%，却有退回失败
-- severity: warning
-- grain:    one row per recipient and round; no rows means pass
-- unit:     元
-- params:   none; reads reported_value, payout_overdue, notice_payout
-- source:   metrics.law.ONE_CARD_SOURCE, metrics.law.MONTHLY_PAYOUT_SOURCE
-- says:     填报全部按时发放，发放明细里却有退回或失败而没有按时补发的，请核对；属实的更正按时发放率
-- warning: the list of payouts contradicts the report; what each payout is, the F checks say. What was paid again by
-- the payout day is on time.
SELECT
    v.recipient_id,
    v.round_name || '填报的' || MIN(v.short_name) AS subject_text,
    '100%' AS stated_text,
    '发放明细里退回或失败、没有按时补发 ' || COUNT(*) || ' 笔' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    '《' || MIN_BY(p.file_name, (p.export_no, p.line_no)) || '》第 '
    || MIN_BY(p.line_no, (p.export_no, p.line_no)) || ' 行'
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM reported_value AS v
JOIN payout_overdue AS o ON o.recipient_id = v.recipient_id AND o.due_on <= v.period_end_on
JOIN notice_payout AS p
    ON p.recipient_id = o.recipient_id AND p.aid_kind = o.aid_kind AND p.pay_month = o.pay_month
    AND p.person_hash = o.person_hash AND p.is_monthly AND p.payout_state IN ('refunded', 'failed')
    AND COALESCE(p.paid_on, p.pay_month) <= v.period_end_on
WHERE CONTAINS(v.indicator_name, '按时发放率') AND v.denominator > 0 AND v.numerator = v.denominator
GROUP BY v.recipient_id, v.round_name, v.period_end_on, v.indicator_no
ORDER BY v.period_end_on, v.recipient_id;
