-- check:    F03
-- title:    银行退回后没有重新发放
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads gathered_unpaid
-- source:   metrics.law.AID_DUTY_SOURCE, metrics.law.MONTHLY_PAYOUT_SOURCE; metrics.limits refund_days
-- says:     银行退回以后超过期限还没有查到重新发放，请核对账户信息；属实的尽快补发到本人
SELECT
    recipient_id,
    subject_text,
    '退回后已过 ' || waited_days || ' 天未重新发放' AS stated_text,
    '退回后 ' || refund_days || ' 天内重新发放（本单位设定）' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM gathered_unpaid
WHERE is_refunded
ORDER BY recipient_id, file_name, aid_name;
