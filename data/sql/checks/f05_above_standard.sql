-- check:    F05
-- title:    发放高于救助标准
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads payout_standard
-- source:   metrics.law.WIDENED_SCOPE_SOURCE, metrics.law.FUND_MISUSE_SOURCE
-- says:     单笔金额高于当月标准，请核对是否按户发放或补发以前月份；属超标准的追回
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '最高一笔 ' || MAX(p.amount_yuan) || ' 元' AS stated_text,
    '不高于每人每月 ' || MIN(p.standard_yuan) || ' 元' AS expected_text,
    SUM(p.excess_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_standard AS p
WHERE NOT p.is_fixed
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
