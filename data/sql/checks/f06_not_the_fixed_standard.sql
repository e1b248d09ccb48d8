-- check:    F06
-- title:    发放不等于定额标准
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads payout_standard
-- source:   metrics.law.WIDENED_SCOPE_SOURCE, metrics.law.AID_DUTY_SOURCE
-- says:     定额发放的待遇金额与标准不符，请核对是否合并补发；属实的多发的追回，少发的补足
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '最低一笔 ' || MIN(p.amount_yuan) || ' 元，最高一笔 ' || MAX(p.amount_yuan) || ' 元' AS stated_text,
    '每人每月 ' || MIN(p.standard_yuan) || CASE WHEN MIN(p.standard_yuan) < MAX(p.standard_yuan) THEN ' 或 '
    || MAX(p.standard_yuan) ELSE '' END || ' 元' AS expected_text,
    SUM(ABS(p.excess_yuan)) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_standard AS p
WHERE p.is_fixed
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
