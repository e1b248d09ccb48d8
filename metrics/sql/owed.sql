-- query:  owed
-- asks:   what does each unit still have to answer for in a round
-- grain:  one row per recipient that owes a report, a reason or a correction
-- unit:   counts of indicators; returned_count is 1 where the report stands returned
-- params: none; reads score_of_round (one row per recipient and indicator with its entry_kind, its state
--         and its deviation_reason) and duties (of the same round, with report_state)
WITH returned AS (
    SELECT recipient_id
    FROM duties
    WHERE report_state = 'returned'
),

counted AS (
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
),

owing AS (
    SELECT
        c.*,
        CASE WHEN r.recipient_id IS NULL THEN 0 ELSE 1 END AS returned_count
    FROM counted AS c
    LEFT JOIN returned AS r ON r.recipient_id = c.recipient_id
)

SELECT
    recipient_id,
    recipient_name,
    silent_count,
    missed_count,
    unexplained_count,
    baseline_count,
    returned_count,
    silent_count + unexplained_count + baseline_count + returned_count AS owed_count
FROM owing
WHERE silent_count + unexplained_count + baseline_count + returned_count > 0
ORDER BY silent_count + unexplained_count + baseline_count + returned_count DESC, display_no;
