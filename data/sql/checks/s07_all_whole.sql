-- check:    S07
-- title:    每项比率都填 100%
-- severity: note
-- grain:    one row per recipient and round; no rows means pass
-- unit:     none
-- params:   none; reads reported_value
-- source:   metrics.law.ASK_FOR_EFFECT_SOURCE
-- says:     填报的每一项比率都是 100%，请抽查名册和凭证核对；与实际不符的更正
-- note: it may be true of a small unit; at least five rates must be whole.
SELECT
    recipient_id,
    round_name || '填报' AS subject_text,
    COUNT(*) || ' 项比率都是 100%' AS stated_text,
    '按名册实际填报' AS expected_text,
    CAST(NULL AS DECIMAL(18, 2)) AS amount_yuan,
    COUNT(*) AS found_count,
    round_name || '填报表' AS place_text
FROM reported_value
WHERE denominator > 0 AND numerator IS NOT NULL
GROUP BY recipient_id, round_name, period_end_on
HAVING COUNT(*) >= 5 AND BOOL_AND(numerator = denominator)
ORDER BY period_end_on, recipient_id;
