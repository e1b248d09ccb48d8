-- query:  inquiry_missed
-- asks:   which indicators are far off their target, or missed it in two rounds running
-- grain:  one row per unit and indicator: missed_twice goes before off
-- unit:   as the scores
-- params: none; reads score_of_round and earlier_score (the scores of the round before; no rows before the first)
-- rule:   missed is off or slightly_off. What the clock scores belongs to the rule of imports
SELECT
    CASE WHEN e.recipient_id IS NULL THEN 'off' ELSE 'missed_twice' END AS rule_key,
    s.recipient_id,
    s.indicator_no,
    s.achieved,
    s.required,
    e.achieved AS earlier_achieved,
    e.required AS earlier_required
FROM score_of_round AS s
LEFT JOIN earlier_score AS e
    ON e.recipient_id = s.recipient_id
    AND e.indicator_no = s.indicator_no
    AND e.state IN ('off', 'slightly_off')
WHERE
    s.entry_kind <> 'from_receipt'
    AND (s.state = 'off' OR (s.state = 'slightly_off' AND e.recipient_id IS NOT NULL));
