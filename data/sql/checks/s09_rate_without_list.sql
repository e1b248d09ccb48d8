-- check:    S09
-- title:    填报了发放率，没有发放明细
-- severity: warning
-- grain:    one row per recipient and round; no rows means pass
-- unit:     元
-- params:   none; reads reported_value, docked_payout, unit_export
-- source:   metrics.law.REAL_NAME_SOURCE, metrics.law.ONE_CARD_SOURCE
-- says:     填报了发放率，已载入的发放信息里没有查到这个单位的发放，请核对；有发放的补导发放明细，没有发放的更正填报
-- warning: the claim has nothing under it; the list may only be late.
SELECT
    v.recipient_id,
    v.round_name || '填报的' || STRING_AGG(v.short_name, '、' ORDER BY v.indicator_no) AS subject_text,
    '已填报，没有发放明细' AS stated_text,
    '有截至 ' || STRFTIME(v.period_end_on, '%Y-%m-%d') || ' 的发放明细' AS expected_text,
    CAST(NULL AS DECIMAL(18, 2)) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN(e.file_text) AS place_text
FROM reported_value AS v
JOIN unit_export AS e
    ON e.recipient_id = v.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'payout'
    AND e.until_on >= v.period_end_on
WHERE
    CONTAINS(v.indicator_name, '发放率')
    AND v.numerator > 0
    AND NOT EXISTS (
        SELECT 1
        FROM docked_payout AS p
        WHERE
            p.recipient_id = v.recipient_id
            AND p.is_of_notice
            AND p.system_name = 'integrated'
            AND p.pay_month <= v.period_end_on
    )
GROUP BY v.recipient_id, v.round_name, v.period_end_on
ORDER BY v.period_end_on, v.recipient_id;
