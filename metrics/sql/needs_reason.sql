-- query:  needs_reason
-- asks:   which indicators of a report may not be sent without a reason, and which also need a measure
-- grain:  one row per recipient and indicator that has to be explained and is not
-- unit:   millionths of a ratio (attainment, limit)
-- params: none; reads score_of_round (one row per recipient and indicator, with the words of its report) and the
--         relation rule (one row per rule_version: reason_required_below_micro, over_from_micro)
-- rule:   an attainment below the round's limit needs a reason and a measure, a state of far over a reason;
--         compared on exact decimals, not on the rounded attainment
-- except: a qualitative indicator has a band instead of an attainment: 未达成 has to be explained. What the clock
--         scores has no place for a reason in the form. A version without the limit asks for nothing.
WITH reported AS (
    SELECT
        s.recipient_id,
        s.indicator_no,
        s.short_name,
        s.scored_kind,
        s.state,
        s.attainment_micro,
        r.reason_required_below_micro,
        r.over_from_micro,
        TRIM(REPLACE(s.deviation_reason, '　', ' ')) = '' AS lacks_reason,
        TRIM(REPLACE(s.improvement_measure, '　', ' ')) = '' AS lacks_measure,
        CASE
            WHEN s.scored_kind = 'qualitative' THEN s.state = 'off'
            ELSE
                s.state IN ('off', 'slightly_off')
                AND s.achieved * CAST(1000000 AS DECIMAL(7, 0))
                < s.required * CAST(r.reason_required_below_micro AS DECIMAL(7, 0))
        END AS is_below
    FROM score_of_round AS s
    JOIN rule AS r ON r.rule_version = s.rule_version
    WHERE
        s.report_id IS NOT NULL
        AND s.entry_kind <> 'from_receipt'
        AND r.reason_required_below_micro IS NOT NULL
)

SELECT
    recipient_id,
    indicator_no,
    short_name,
    scored_kind,
    state,
    attainment_micro,
    CASE WHEN is_below THEN reason_required_below_micro ELSE over_from_micro END AS limit_micro,
    lacks_reason,
    is_below AND lacks_measure AS lacks_measure
FROM reported
WHERE (is_below AND (lacks_reason OR lacks_measure)) OR (state = 'over' AND lacks_reason)
ORDER BY recipient_id, indicator_no;
