-- query:  owed
-- asks:   what does each unit still have to answer for in a round
-- grain:  one row per recipient that owes a report or a reason
-- unit:   counts of indicators
-- params: none; reads score_of_round (one row per recipient and indicator with its entry_kind, its state
--         and its deviation_reason)
WITH counted AS (
    SELECT
        recipient_id,
        recipient_name,
        display_no,
        SUM(CASE WHEN state = 'not_reported' THEN 1 ELSE 0 END) AS silent_count,
        SUM(CASE WHEN state IN ('off', 'slightly_off') THEN 1 ELSE 0 END) AS missed_count,
        -- What the clock scores has no place for a reason in the form: 时效跟踪 asks for it.
        SUM(
            CASE
                WHEN entry_kind <> 'from_receipt' AND state IN ('off', 'slightly_off') AND deviation_reason = ''
                    THEN 1
                ELSE 0
            END
        ) AS unexplained_count,
        SUM(CASE WHEN state = 'no_baseline' THEN 1 ELSE 0 END) AS baseline_count
    FROM score_of_round
    GROUP BY recipient_id, recipient_name, display_no
)

SELECT
    recipient_id,
    recipient_name,
    silent_count,
    missed_count,
    unexplained_count,
    baseline_count,
    silent_count + unexplained_count + baseline_count AS owed_count
FROM counted
WHERE silent_count + unexplained_count + baseline_count > 0
ORDER BY silent_count + unexplained_count + baseline_count DESC, display_no;
