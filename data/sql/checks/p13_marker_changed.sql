-- check:    P13
-- title:    支付的直达资金标识与通知不同
-- severity: fatal
-- grain:    one row per recipient, system and marker; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads told_marker
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     支付带了别的直达资金标识，请改成通知所列的标识，标识从分配到使用保持不变
-- fatal: the notice orders the marker to stay as it is.
SELECT recipient_id, subject_text, marker_text AS stated_text, expected_text, amount_yuan, found_count, place_text
FROM told_marker
WHERE record_kind = 'payment' AND marker_text <> '' AND amount_yuan > 0
ORDER BY recipient_id, system_name, marker_text;
