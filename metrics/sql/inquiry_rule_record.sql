-- query:  inquiry_rule_record
-- asks:   how often each rule that proposes 问效单 was right
-- grain:  one row per rule that ever raised one that a person opened or dismissed
-- unit:   counts of inquiries and dismissals
-- params: none; reads inquiry_now and inquiry_dismissal_now (the dismissals of the same moment)
-- rule:   a dismissal counts as raised and not upheld; what a person opened freely belongs to no rule. What ended
--         without a judgement (referred unheard) counts as raised only
WITH raised AS (
    SELECT
        rule_key,
        judgement,
        judgement = '' AND inquiry_state <> 'closed' AS is_waiting
    FROM inquiry_now
    WHERE rule_key <> ''
    UNION ALL
    SELECT
        rule_key,
        'not_upheld' AS judgement,
        FALSE AS is_waiting
    FROM inquiry_dismissal_now
)

SELECT
    rule_key,
    CAST(COUNT(*) AS BIGINT) AS raised_count,
    CAST(SUM(CASE WHEN judgement = 'upheld' THEN 1 ELSE 0 END) AS BIGINT) AS upheld_count,
    CAST(SUM(CASE WHEN judgement = 'not_upheld' THEN 1 ELSE 0 END) AS BIGINT) AS not_upheld_count,
    CAST(SUM(CASE WHEN is_waiting THEN 1 ELSE 0 END) AS BIGINT) AS waiting_count
FROM raised
GROUP BY rule_key
ORDER BY rule_key;
