-- check:    P19
-- title:    支付日期与预算年度不在同一年
-- severity: warning
-- grain:    one row per recipient and fiscal year; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads counted_payment
-- source:   metrics.law.CARRYOVER_SOURCE
-- says:     支付日期不在所列预算年度里，请核对：年度终了以后的支付按结转列入下一年度
-- warning: what is unspent at the end of a year is carried over and belongs to the next.
SELECT
    p.recipient_id,
    '支付的预算年度' AS subject_text,
    p.fiscal_year || ' 年度，支付于 ' || STRFTIME(MIN(p.paid_on), '%Y-%m-%d')
    || CASE WHEN MAX(p.paid_on) > MIN(p.paid_on) THEN STRFTIME(MAX(p.paid_on), ' 至 %Y-%m-%d') ELSE '' END
    AS stated_text,
    '预算年度与支付日期同一年' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
WHERE p.system_name = 'integrated' AND p.fiscal_year <> EXTRACT(YEAR FROM p.paid_on)
GROUP BY p.recipient_id, p.fiscal_year
HAVING SUM(p.amount_yuan) > 0
ORDER BY p.recipient_id, p.fiscal_year;
