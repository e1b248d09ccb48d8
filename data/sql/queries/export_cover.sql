-- query:  export_cover
-- asks:   of which units and days each system's exports that hold tell something, by kind of record
-- grain:  one row per system, kind of record, recipient and unbroken run of days; periods that touch are one run
-- unit:   none
-- params: none; reads current_export
-- rule:   an export of payments or payouts tells of its period; any other is a whole state, and tells of all that was
--         up to its last day. No export tells of a day after it was loaded.
WITH export_period AS (
    SELECT
        e.system_name,
        e.record_kind,
        r.recipient_id,
        e.export_no,
        e.file_name,
        CASE
            WHEN e.record_kind IN ('payment', 'payout') THEN e.period_from_on
            ELSE CAST('1900-01-01' AS DATE)
        END AS period_from_on,
        LEAST(e.period_to_on, CAST(e.loaded_at AS DATE)) AS period_to_on
    FROM recipient AS r
    JOIN current_export AS e ON e.export_recipient_id IN ('', r.recipient_id)
),

reached AS (
    SELECT
        *,
        MAX(period_to_on) OVER (
            PARTITION BY system_name, record_kind, recipient_id
            ORDER BY period_from_on, export_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS earlier_to_on
    FROM export_period
),

run AS (
    SELECT
        *,
        SUM(CASE WHEN period_from_on <= earlier_to_on + 1 THEN 0 ELSE 1 END) OVER (
            PARTITION BY system_name, record_kind, recipient_id
            ORDER BY period_from_on, export_no
        ) AS run_no
    FROM reached
)

SELECT
    system_name,
    record_kind,
    recipient_id,
    MIN(period_from_on) AS from_on,
    MAX(period_to_on) AS until_on,
    '《' || MAX_BY(file_name, export_no) || '》' AS file_text
FROM run
GROUP BY system_name, record_kind, recipient_id, run_no;
