-- check:    F14
-- title:    一笔支付与它的发放明细金额不等
-- severity: warning
-- grain:    one row per payment whose list of persons does not add up to it; no rows means pass
-- unit:     元
-- params:   none; reads docked_payment, notice_payout
-- source:   metrics.law.SAME_DATA_SOURCE, metrics.law.REAL_NAME_SOURCE
-- says:     支付给代发银行的钱与发放明细对不上，请核对差额在哪里；明细不全的补齐，属实多付的收回
SELECT
    y.recipient_id,
    '支付 ' || y.payment_key AS subject_text,
    '发放明细 ' || p.all_yuan || ' 元，其中已发和待发 ' || p.live_yuan || ' 元' AS stated_text,
    '支付 ' || y.amount_yuan || ' 元' AS expected_text,
    CASE
        WHEN y.amount_yuan < p.live_yuan THEN p.live_yuan - y.amount_yuan ELSE y.amount_yuan - p.all_yuan
    END AS amount_yuan,
    p.payout_count AS found_count,
    '《' || y.file_name || '》第 ' || y.line_no || ' 行；《' || p.file_name || '》第 ' || p.line_no
    || ' 行起' AS place_text
FROM docked_payment AS y
JOIN (
    SELECT
        payment_key,
        -- What came back and was paid again stands in the list twice, so the payment lies between the two sums.
        SUM(amount_yuan) AS all_yuan,
        COALESCE(SUM(amount_yuan) FILTER (WHERE payout_state IN ('paid', 'pending')), 0) AS live_yuan,
        COUNT(*) AS payout_count,
        ARG_MIN(file_name, (export_no, line_no)) AS file_name,
        ARG_MIN(line_no, (export_no, line_no)) AS line_no
    FROM notice_payout
    WHERE payment_key <> ''
    GROUP BY payment_key
) AS p ON p.payment_key = y.payment_key
WHERE
    y.is_of_notice
    AND y.system_name = 'integrated'
    AND (y.amount_yuan < p.live_yuan OR y.amount_yuan > p.all_yuan)
ORDER BY y.recipient_id, y.export_no, y.line_no;
