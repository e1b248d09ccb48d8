-- check:    F08
-- title:    停发以后仍在发放
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads docked_payout, docked_stop, payout_after_stop
-- source:   metrics.law.AID_DUTY_SOURCE
-- says:     迁出、退出等停发的次月以后还有发放，请核对是否重新纳入；不符合条件的停发并追回
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '停发次月以后发放 ' || COUNT(*) || ' 笔' AS stated_text,
    '停发次月起不再发放' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_after_stop AS p
WHERE NOT p.is_after_death
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
