-- check:    F18
-- title:    发放金额为零或负数
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout
-- source:   metrics.law.SAME_DATA_SOURCE
-- says:     发放金额为零或负数，请核对：冲销的要与原发放对应，空行从明细中删去后重新导出
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '为零 ' || COUNT(*) FILTER (WHERE p.amount_yuan = 0) || ' 笔，为负 '
    || COUNT(*) FILTER (WHERE p.amount_yuan < 0) || ' 笔' AS stated_text,
    '每笔金额大于零' AS expected_text,
    SUM(ABS(p.amount_yuan)) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
WHERE p.amount_yuan <= 0
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
