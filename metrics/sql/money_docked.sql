-- query:  money_docked
-- asks:   of which system each unit's rows of each kind are counted: the integrated budget system's; for payouts the
--         monitoring system's where the integrated one has no export
-- grain:  one row per recipient of the notice and kind of record
-- unit:   none
-- params: none; reads unit_money, current_export
-- empty:  system_name is NULL where no export holds (未对接)
WITH kind AS (
    SELECT 'allotment' AS record_kind
    UNION ALL
    SELECT 'payment' AS record_kind
    UNION ALL
    SELECT 'payout' AS record_kind
),

held AS (
    SELECT
        u.recipient_id,
        k.record_kind,
        MAX(CASE WHEN e.system_name = 'integrated' THEN 1 ELSE 0 END) AS has_integrated,
        MAX(CASE WHEN e.system_name = 'monitoring' THEN 1 ELSE 0 END) AS has_monitoring
    FROM unit_money AS u
    CROSS JOIN kind AS k
    LEFT JOIN current_export AS e
        ON e.record_kind = k.record_kind AND e.export_recipient_id IN ('', u.recipient_id)
    GROUP BY u.recipient_id, k.record_kind
)

SELECT
    recipient_id,
    record_kind,
    CASE
        WHEN has_integrated = 1 THEN 'integrated'
        WHEN has_monitoring = 1 AND record_kind = 'payout' THEN 'monitoring'
    END AS system_name
FROM held;
