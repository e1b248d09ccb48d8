-- check:    F07
-- title:    死亡以后仍在发放
-- severity: fatal
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads gathered_after_stop
-- source:   metrics.law.AID_DUTY_SOURCE, metrics.law.AID_FRAUD_SOURCE
-- says:     停发名单记为死亡的次月以后还有发放，请立即核对死亡日期和名册；属实的停发，查明由谁领取并追回
SELECT
    recipient_id,
    subject_text,
    '死亡次月以后发放 ' || found_count || ' 笔' AS stated_text,
    '死亡次月起停发' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM gathered_after_stop
WHERE is_after_death
ORDER BY recipient_id, file_name, aid_name;
