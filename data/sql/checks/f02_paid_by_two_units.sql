-- check:    F02
-- title:    同一人同月同项在两个单位领取
-- severity: fatal
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads payout_repeat
-- source:   metrics.law.AID_DUTY_SOURCE, metrics.law.WIDENED_SCOPE_SOURCE
-- says:     同一人同一个月的同一项待遇在两个单位都有发放，请由州民政局协调两个单位核对户籍和名册；属重复的停发一方并追回
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '另一单位也发放给同一人，本单位 ' || COUNT(*) || ' 笔' AS stated_text,
    '每人每月每项只在一个单位发放' AS expected_text,
    SUM(CASE WHEN p.repeat_no > 1 THEN p.amount_yuan END) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_repeat AS p
WHERE p.is_across_units
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
