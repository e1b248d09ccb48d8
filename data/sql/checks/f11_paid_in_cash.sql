-- check:    F11
-- title:    应当打卡发放的发了现金
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout
-- source:   metrics.law.ONE_CARD_SOURCE, metrics.law.TO_OWN_ACCOUNT_SOURCE
-- says:     应当通过银行发到本人账户的疑似发了现金，请核对；属实的改为“一卡通”发放，确有必要发现金的附签收手续和理由
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '现金发放 ' || COUNT(*) || ' 笔' AS stated_text,
    '通过银行发到本人账户' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
WHERE
    p.payout_state = 'paid'
    AND p.amount_yuan > 0
    AND p.channel = 'cash'
    AND p.aid_kind <> 'homeless_aid'
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
