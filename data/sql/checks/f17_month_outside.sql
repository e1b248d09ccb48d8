-- check:    F17
-- title:    发放月份在年度以前或在以后
-- severity: warning
-- grain:    one row per recipient, file, kind of aid and side of the year; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout, asked, notice_fact
-- source:   metrics.law.SEPARATE_FUND_SOURCE
-- says:     疑似用这笔资金发了年度以前的月份，或已发了还没有到的月份，请核对月份；属补发的说明理由，属提前发放的停止
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '发放月份 ' || STRFTIME(MIN(p.pay_month), '%Y-%m')
    || CASE WHEN MIN(p.pay_month) < MAX(p.pay_month) THEN ' 至 '
    || STRFTIME(MAX(p.pay_month), '%Y-%m') ELSE '' END AS stated_text,
    n.fiscal_year || ' 年 1 月至 ' || STRFTIME(a.as_of_on, '%Y-%m') AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
CROSS JOIN asked AS a
CROSS JOIN notice_fact AS n
WHERE p.payout_state = 'paid' AND (p.pay_month > a.as_of_on OR EXTRACT(YEAR FROM p.pay_month) < n.fiscal_year)
GROUP BY p.recipient_id, p.file_name, p.aid_name, n.fiscal_year, a.as_of_on, p.pay_month > a.as_of_on
ORDER BY p.recipient_id, p.file_name, p.aid_name, n.fiscal_year, a.as_of_on, p.pay_month > a.as_of_on;
