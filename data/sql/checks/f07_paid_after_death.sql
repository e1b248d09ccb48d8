-- check:    F07
-- title:    死亡以后仍在发放
-- severity: fatal
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads docked_payout, docked_stop, payout_after_stop
-- source:   metrics.law.AID_DUTY_SOURCE, metrics.law.AID_FRAUD_SOURCE
-- says:     停发名单记为死亡的次月以后还有发放，请立即停发，查明由谁领取并追回
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '死亡次月以后发放 ' || COUNT(*) || ' 笔' AS stated_text,
    '死亡次月起停发' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM payout_after_stop AS p
WHERE p.is_after_death
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
