-- query:  on_time_rate
-- asks:   how many duties were done in time, of how many that were done or due, and how many are left out
-- grain:  one row per unit, per notice and per quarter of the due day, the latter two also for each unit; one row for
--         all. recipient_id is empty where all units are meant, group_key where all notices and quarters are
-- unit:   counts of duties
-- params: none; reads duty (duty_clock.sql)
-- rule:   due is what was done, or whose day has passed; what is not due yet, or cannot be counted, is left out
WITH judged AS (
    SELECT
        recipient_id,
        document_number,
        duty_state,
        CASE
            WHEN due_on IS NULL THEN ''
            ELSE CONCAT(
                CAST(EXTRACT(YEAR FROM due_on) AS VARCHAR(4)), '-', CAST(EXTRACT(QUARTER FROM due_on) AS VARCHAR(1))
            )
        END AS due_quarter
    FROM duty
    WHERE is_counted AND recipient_id <> 'region'
)

SELECT
    CASE
        WHEN GROUPING(document_number) = 0 THEN 'notice'
        WHEN GROUPING(due_quarter) = 0 THEN 'quarter'
        WHEN GROUPING(recipient_id) = 0 THEN 'unit'
        ELSE 'all'
    END AS group_kind,
    COALESCE(recipient_id, '') AS recipient_id,
    COALESCE(document_number, due_quarter, '') AS group_key,
    CAST(SUM(CASE WHEN duty_state = 'on_time' THEN 1 ELSE 0 END) AS INTEGER) AS on_time_count,
    CAST(SUM(
        CASE WHEN duty_state IN ('on_time', 'late', 'overdue', 'on_time_empty', 'on_time_wrong') THEN 1 ELSE 0 END
    ) AS INTEGER) AS due_count,
    CAST(SUM(CASE WHEN duty_state = 'late' THEN 1 ELSE 0 END) AS INTEGER) AS late_count,
    CAST(SUM(CASE WHEN duty_state IN ('overdue', 'on_time_empty', 'on_time_wrong') THEN 1 ELSE 0 END) AS INTEGER) AS open_count,
    CAST(SUM(CASE WHEN duty_state = 'not_due' THEN 1 ELSE 0 END) AS INTEGER) AS not_due_count,
    CAST(SUM(CASE WHEN duty_state IN ('no_receipt', 'not_published', 'no_day') THEN 1 ELSE 0 END) AS INTEGER) AS unknown_count
FROM judged
GROUP BY GROUPING SETS (
    (),
    (recipient_id),
    (document_number),
    (document_number, recipient_id),
    (due_quarter),
    (due_quarter, recipient_id)
);
