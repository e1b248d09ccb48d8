-- check:    F08
-- title:    停发以后仍在发放
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads gathered_after_stop
-- source:   metrics.law.AID_DUTY_SOURCE
-- says:     迁出、退出等停发的次月以后还有发放，请核对是否重新纳入；不符合条件的停发并追回
SELECT
    recipient_id,
    subject_text,
    '停发次月以后发放 ' || found_count || ' 笔' AS stated_text,
    '停发次月起不再发放' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM gathered_after_stop
WHERE NOT is_after_death
ORDER BY recipient_id, file_name, aid_name;
