-- check:    F01
-- title:    同一人同月同项重复发放
-- severity: fatal
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads payout_repeat
-- source:   metrics.law.AID_DUTY_SOURCE, metrics.law.WIDENED_SCOPE_SOURCE
-- says:     同一人同一个月的同一项待遇发放了不止一次，请核对是否补发；属重复的追回并更正发放名册
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '重复发放 ' || COUNT(*) || ' 笔' AS stated_text,
    '每人每月每项发放一次' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_repeat AS p
WHERE p.repeat_no > 1 AND NOT p.is_across_units
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
