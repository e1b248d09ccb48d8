-- query:  reconciled_side
-- asks:   what the notice and each system say of each unit's money, and in how much they differ
-- grain:  one row per unit of the notice and kind of record
-- unit:   元; a side is empty where the system has no export of the kind about the unit, notice_yuan but of allotments
-- params: none; reads unit_money, export_cover, docked_allotment, docked_payment, docked_payout, known_difference
-- rule:   each side is all that its exports tell; the days texts say of which days, and only common days are compared
WITH covered AS (
    SELECT
        system_name,
        record_kind,
        recipient_id,
        STRING_AGG(
            CASE WHEN record_kind = 'allotment' THEN '截至 ' ELSE from_on || ' 至 ' END || until_on, '、' ORDER BY from_on
        ) AS days_text
    FROM export_cover
    GROUP BY system_name, record_kind, recipient_id
),

line AS (
    SELECT 'allotment' AS record_kind, system_name, recipient_id, amount_yuan FROM docked_allotment WHERE is_of_notice
    UNION ALL
    SELECT 'payment', system_name, recipient_id, amount_yuan FROM docked_payment WHERE is_of_notice
    UNION ALL
    SELECT 'payout', system_name, recipient_id, amount_yuan
    FROM docked_payout
    WHERE is_of_notice AND payout_state = 'paid'
),

added AS (
    SELECT record_kind, system_name, recipient_id, SUM(amount_yuan) AS amount_yuan
    FROM line
    GROUP BY record_kind, system_name, recipient_id
),

counted AS (
    SELECT
        recipient_id,
        record_kind,
        SUM(CASE WHEN difference_state = 'open' THEN 1 ELSE 0 END) AS open_count,
        SUM(CASE WHEN difference_state = 'explained' THEN 1 ELSE 0 END) AS explained_count
    FROM known_difference
    GROUP BY recipient_id, record_kind
),

kind AS (
    SELECT 'allotment' AS record_kind, 1 AS kind_no
    UNION ALL
    SELECT 'payment', 2
    UNION ALL
    SELECT 'payout', 3
)

SELECT
    m.recipient_id,
    m.recipient_name,
    m.recipient_short_name,
    k.record_kind,
    CASE WHEN k.record_kind = 'allotment' THEN m.after_yuan END AS notice_yuan,
    CASE WHEN ic.recipient_id IS NOT NULL THEN COALESCE(i.amount_yuan, 0) END AS integrated_yuan,
    CASE WHEN mc.recipient_id IS NOT NULL THEN COALESCE(o.amount_yuan, 0) END AS monitoring_yuan,
    COALESCE(ic.days_text, '') AS integrated_days_text,
    COALESCE(mc.days_text, '') AS monitoring_days_text,
    COALESCE(c.open_count, 0) AS open_count,
    COALESCE(c.explained_count, 0) AS explained_count
FROM unit_money AS m
CROSS JOIN kind AS k
LEFT JOIN covered AS ic
    ON ic.system_name = 'integrated' AND ic.record_kind = k.record_kind AND ic.recipient_id = m.recipient_id
LEFT JOIN covered AS mc
    ON mc.system_name = 'monitoring' AND mc.record_kind = k.record_kind AND mc.recipient_id = m.recipient_id
LEFT JOIN added AS i
    ON i.system_name = 'integrated' AND i.record_kind = k.record_kind AND i.recipient_id = m.recipient_id
LEFT JOIN added AS o
    ON o.system_name = 'monitoring' AND o.record_kind = k.record_kind AND o.recipient_id = m.recipient_id
LEFT JOIN counted AS c ON c.record_kind = k.record_kind AND c.recipient_id = m.recipient_id
ORDER BY m.display_no, k.kind_no;
