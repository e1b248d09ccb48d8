-- query:  unit_docked
-- asks:   what the two systems hold of each unit's money, beside what the notice gives and the unit recorded
-- grain:  one row per unit of the notice
-- unit:   元; texts in 万元, exact; a sum is 0 where an export speaks of the unit without a row, empty where no
--          export speaks of it; allowed_yuan is what was handed down, or up to how much somebody has said why it is more
-- params: $notice_key; reads unit_money, notice_fact, unit_receipt, unit_export, export_cover,
--         newest_rate_reason, counted_allotment, counted_payment
-- empty:  paid_until_on where the exports of payments do not begin with the notice's money: what is left of it is not
--         known, though paid_yuan, the payments that are known, may already be too much
WITH adjustment AS (
    SELECT
        recipient_id,
        SUM(adjustment_yuan) AS adjustment_yuan
    FROM allocation_line
    WHERE notice_key = $notice_key
    GROUP BY recipient_id
),

held AS (
    SELECT
        recipient_id,
        system_name,
        COUNT(*) AS row_count,
        SUM(amount_yuan) AS amount_yuan,
        MAX(registered_on) AS last_on,
        MIN_BY(place_text, (export_no, line_no))
        || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
    FROM counted_allotment
    GROUP BY recipient_id, system_name
),

-- What the monitoring system can know already: registered by the day that its export speaks of.
awaited AS (
    SELECT
        a.recipient_id,
        SUM(a.amount_yuan) AS amount_yuan
    FROM counted_allotment AS a
    JOIN unit_export AS e
        ON e.recipient_id = a.recipient_id AND e.system_name = 'monitoring' AND e.record_kind = 'allotment'
    WHERE a.system_name = 'integrated' AND COALESCE(a.registered_on <= e.until_on, TRUE)
    GROUP BY a.recipient_id
),

paid AS (
    SELECT
        recipient_id,
        SUM(amount_yuan) AS amount_yuan,
        MAX(paid_on) AS last_on,
        MIN_BY(place_text, (export_no, line_no))
        || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
    FROM counted_payment
    WHERE system_name = 'integrated'
    GROUP BY recipient_id
),

unit AS (
    SELECT
        u.recipient_id,
        u.after_yuan,
        COALESCE(j.adjustment_yuan, 0) AS adjustment_yuan,
        u.marker_text,
        n.fiscal_year,
        CASE WHEN s.explained_yuan > u.after_yuan THEN s.explained_yuan ELSE u.after_yuan END AS allowed_yuan,
        c.received_on,
        c.due_on,
        c.imported_on,
        c.imported_yuan,
        ie.until_on AS integrated_until_on,
        ie.file_text AS integrated_file_text,
        CASE WHEN ie.until_on IS NOT NULL THEN COALESCE(i.amount_yuan, 0) END AS integrated_yuan,
        COALESCE(i.row_count, 0) AS integrated_count,
        i.last_on AS registered_on,
        i.place_text AS integrated_place_text,
        me.until_on AS monitoring_until_on,
        me.file_text AS monitoring_file_text,
        CASE WHEN me.until_on IS NOT NULL THEN COALESCE(m.amount_yuan, 0) END AS monitoring_yuan,
        COALESCE(m.row_count, 0) AS monitoring_count,
        m.place_text AS monitoring_place_text,
        COALESCE(w.amount_yuan, 0) AS awaited_yuan,
        pc.until_on AS paid_until_on,
        pe.file_text AS paid_file_text,
        CASE WHEN pe.until_on IS NOT NULL THEN COALESCE(p.amount_yuan, 0) END AS paid_yuan,
        p.last_on AS paid_on,
        p.place_text AS paid_place_text
    FROM unit_money AS u
    CROSS JOIN notice_fact AS n
    LEFT JOIN adjustment AS j ON j.recipient_id = u.recipient_id
    LEFT JOIN newest_rate_reason AS s ON s.recipient_id = u.recipient_id
    LEFT JOIN unit_receipt AS c ON c.document_number = n.document_number AND c.recipient_id = u.recipient_id
    LEFT JOIN unit_export AS ie
        ON ie.recipient_id = u.recipient_id AND ie.system_name = 'integrated' AND ie.record_kind = 'allotment'
    LEFT JOIN unit_export AS me
        ON me.recipient_id = u.recipient_id AND me.system_name = 'monitoring' AND me.record_kind = 'allotment'
    LEFT JOIN unit_export AS pe
        ON pe.recipient_id = u.recipient_id AND pe.system_name = 'integrated' AND pe.record_kind = 'payment'
    LEFT JOIN export_cover AS pc
        ON pc.recipient_id = u.recipient_id AND pc.system_name = 'integrated' AND pc.record_kind = 'payment'
        AND n.money_from_on BETWEEN pc.from_on AND pc.until_on
    LEFT JOIN held AS i ON i.recipient_id = u.recipient_id AND i.system_name = 'integrated'
    LEFT JOIN held AS m ON m.recipient_id = u.recipient_id AND m.system_name = 'monitoring'
    LEFT JOIN awaited AS w ON w.recipient_id = u.recipient_id
    LEFT JOIN paid AS p ON p.recipient_id = u.recipient_id
)

SELECT
    *,
    wan_text(after_yuan) AS after_text,
    wan_text(integrated_yuan) AS integrated_text,
    wan_text(monitoring_yuan) AS monitoring_text,
    wan_text(paid_yuan) AS paid_text,
    wan_text(imported_yuan) AS imported_text
FROM unit;
