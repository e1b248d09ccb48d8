-- check:    S10
-- title:    到期没有填报
-- severity: warning
-- grain:    one row per recipient and round; no rows means pass
-- unit:     none
-- params:   none; reads round, asked, unit_money, reported_money
-- source:   metrics.law.ASK_FOR_EFFECT_SOURCE
-- says:     这一轮已经到期，没有查到这个单位的报送，请核对；没有报送的催报，不按 0 计
-- warning: what is not known is not known; nothing is said yet of the money.
SELECT
    u.recipient_id,
    r.round_name || '填报' AS subject_text,
    '没有报送' AS stated_text,
    STRFTIME(r.due_on, '%Y-%m-%d 及以前报送') AS expected_text,
    CAST(NULL AS DECIMAL(18, 2)) AS amount_yuan,
    1 AS found_count,
    '' AS place_text
FROM round AS r
JOIN asked AS t ON t.document_number = r.document_number AND r.opened_at <= t.as_of AND r.due_on < t.as_of_on
CROSS JOIN unit_money AS u
LEFT JOIN reported_money AS m ON m.round_id = r.round_id AND m.recipient_id = u.recipient_id
WHERE m.report_id IS NULL
ORDER BY r.period_end_on, u.recipient_id;
