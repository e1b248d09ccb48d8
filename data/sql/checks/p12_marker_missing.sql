-- check:    P12
-- title:    支付没有直达资金标识
-- severity: warning
-- grain:    one row per recipient and system; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads told_marker
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     支付没有带上直达资金标识，请在系统里补上通知所列的标识
-- warning: an empty cell may be an export without the column.
SELECT recipient_id, subject_text, '没有标识' AS stated_text, expected_text, amount_yuan, found_count, place_text
FROM told_marker
WHERE record_kind = 'payment' AND marker_text = '' AND amount_yuan > 0
ORDER BY recipient_id, system_name;
