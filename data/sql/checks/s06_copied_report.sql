-- check:    S06
-- title:    填报与上一轮完全相同
-- severity: note
-- grain:    one row per recipient and round; no rows means pass
-- unit:     none
-- params:   none; reads reported_money, reported_value
-- source:   metrics.law.ASK_FOR_EFFECT_SOURCE
-- says:     每一项都与上一轮一模一样，请核对是否按本轮实际填报；有变化的更正
-- note: nothing may have happened in the round; at least three figures must agree, and the paid sum with them.
WITH content AS (
    SELECT
        m.recipient_id,
        m.round_id,
        m.round_name,
        m.period_end_on,
        COUNT(v.indicator_no) AS value_count,
        STRING_AGG(
            CONCAT_WS('|', v.indicator_no, v.numerator, v.denominator, v.actual_value, v.band_share), ';'
            ORDER BY v.indicator_no
        ) || '/' || COALESCE(CAST(MIN(m.paid_yuan) AS TEXT), '') AS content_text
    FROM reported_money AS m
    JOIN reported_value AS v
        ON v.report_id = m.report_id AND COALESCE(v.numerator, v.actual_value, v.band_share) IS NOT NULL
    GROUP BY m.recipient_id, m.round_id, m.round_name, m.period_end_on
),

step AS (
    SELECT
        *,
        LAG(content_text) OVER (PARTITION BY recipient_id ORDER BY period_end_on) AS earlier_text,
        LAG(round_name) OVER (PARTITION BY recipient_id ORDER BY period_end_on) AS earlier_name
    FROM content
)

SELECT
    recipient_id,
    round_name || '填报' AS subject_text,
    value_count || ' 项数据与' || earlier_name || '完全相同' AS stated_text,
    '按本轮实际填报' AS expected_text,
    CAST(NULL AS DECIMAL(18, 2)) AS amount_yuan,
    value_count AS found_count,
    round_name || '填报表' AS place_text
FROM step
WHERE content_text = earlier_text AND value_count >= 3
ORDER BY period_end_on, recipient_id;
