-- query:  docked_import
-- asks:   does the monitoring system's export show that a unit's money was imported whole and marked, and since when
-- grain:  one row per unit of the notice that an export of the monitoring system speaks of
-- unit:   元; texts in 万元, exact
-- params: none; reads unit_docked, counted_allotment, notice_fact
-- rule:   whole is all of the unit's money under the notice's marker, each row with its day; imported_on is the first
--         day by which the rows add up to it, and not before the unit received the notice
-- empty:  imported_on where the rows never add up to the unit's money
WITH line AS (
    SELECT
        a.recipient_id,
        a.registered_on,
        a.amount_yuan,
        a.marker_text,
        CASE WHEN a.marker_text = n.marker_text THEN 0 ELSE 1 END AS is_marked_otherwise
    FROM counted_allotment AS a
    CROSS JOIN notice_fact AS n
    WHERE a.system_name = 'monitoring'
),

by_day AS (
    SELECT
        recipient_id,
        registered_on,
        SUM(SUM(amount_yuan)) OVER (PARTITION BY recipient_id ORDER BY registered_on) AS held_yuan
    FROM line
    WHERE registered_on IS NOT NULL
    GROUP BY recipient_id, registered_on
),

since AS (
    SELECT
        d.recipient_id,
        MIN(d.registered_on) AS imported_on
    FROM by_day AS d
    JOIN unit_docked AS u ON u.recipient_id = d.recipient_id AND u.after_yuan = d.held_yuan
    GROUP BY d.recipient_id
),

of_lines AS (
    SELECT
        recipient_id,
        SUM(is_marked_otherwise) AS other_count,
        MIN(CASE WHEN is_marked_otherwise = 1 THEN marker_text END) AS other_marker,
        SUM(CASE WHEN registered_on IS NULL THEN 1 ELSE 0 END) AS dayless_count
    FROM line
    GROUP BY recipient_id
)

SELECT
    u.recipient_id,
    u.after_yuan,
    u.marker_text,
    u.received_on,
    u.monitoring_yuan,
    COALESCE(u.after_text, '') AS after_text,
    u.monitoring_text,
    COALESCE(u.monitoring_place_text, u.monitoring_file_text) AS place_text,
    COALESCE(l.other_marker, '') AS other_marker,
    s.imported_on,
    CASE
        WHEN u.monitoring_count = 0 THEN 'nothing'
        WHEN u.after_yuan IS NULL OR u.monitoring_yuan <> u.after_yuan THEN 'amount'
        WHEN l.other_count > 0 THEN 'marker'
        WHEN l.dayless_count > 0 OR s.imported_on IS NULL THEN 'no_day'
        WHEN u.received_on IS NULL THEN 'no_receipt'
        WHEN s.imported_on < u.received_on THEN 'early'
        ELSE 'whole'
    END AS evidence_state
FROM unit_docked AS u
LEFT JOIN of_lines AS l ON l.recipient_id = u.recipient_id
LEFT JOIN since AS s ON s.recipient_id = u.recipient_id
WHERE u.monitoring_until_on IS NOT NULL;
