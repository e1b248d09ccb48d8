-- check:    R03
-- title:    预算指标没有直达资金标识
-- severity: warning
-- grain:    one row per recipient and system; no rows means pass
-- unit:     元
-- params:   none; reads told_marker
-- source:   metrics.law.DIRECT_FUND_MARKER_SOURCE
-- says:     预算指标没有登录直达资金标识，请在系统里补上通知所列的标识
-- warning: an empty cell may be an export without the column, so look before calling it a breach.
SELECT recipient_id, subject_text, '没有标识' AS stated_text, expected_text, amount_yuan, found_count, place_text
FROM told_marker
WHERE record_kind = 'allotment' AND marker_text = ''
ORDER BY recipient_id, system_name;
