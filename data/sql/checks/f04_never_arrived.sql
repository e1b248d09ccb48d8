-- check:    F04
-- title:    发放失败或一直待发放
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads gathered_unpaid
-- source:   metrics.law.MONTHLY_PAYOUT_SOURCE; metrics.limits refund_days
-- says:     名册里有、明细里一直没有到账，请核对原因；属实的尽快补发到本人，不再发放的从名册中注明
SELECT
    recipient_id,
    subject_text,
    '已过 ' || waited_days || ' 天未到账' AS stated_text,
    '失败或到期后 ' || refund_days || ' 天内到账（本单位设定）' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM gathered_unpaid
WHERE NOT is_refunded
ORDER BY recipient_id, file_name, aid_name;
