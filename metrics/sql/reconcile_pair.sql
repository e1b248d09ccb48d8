-- query:  reconcile_pair
-- asks:   which lines of the two systems are the same money, by one way of telling
-- grain:  one row per pair, of lines that no earlier way paired; equal lines are paired by their days and places
-- unit:   none
-- params: none; reads loose_line, line_pair (what is paired already) and line_pass (pass_no)
-- rule:   1 all the same · 2 all but the key · 3 the key · 4 amount, day and account: another marker ·
--         5 amount, day and marker: another account · 6 amount, account and marker: another day ·
--         7 amount and day: another marker and another account
WITH taken AS (
    SELECT left_id AS line_id FROM line_pair
    UNION ALL
    SELECT right_id FROM line_pair
),

told AS (
    SELECT
        l.*,
        p.pass_no,
        CASE p.pass_no
            WHEN 1 THEN CONCAT_WS(
                '|', l.budget_item_code, l.marker_text, CAST(l.matched_on AS VARCHAR(10)),
                CAST(l.amount_yuan AS VARCHAR(30)), l.line_key
            )
            WHEN 2 THEN CONCAT_WS(
                '|', l.budget_item_code, l.marker_text, CAST(l.matched_on AS VARCHAR(10)),
                CAST(l.amount_yuan AS VARCHAR(30))
            )
            WHEN 3 THEN CASE WHEN l.line_key <> '' THEN l.line_key END
            WHEN 4 THEN CONCAT_WS(
                '|', l.budget_item_code, CAST(l.matched_on AS VARCHAR(10)), CAST(l.amount_yuan AS VARCHAR(30))
            )
            WHEN 5 THEN CONCAT_WS(
                '|', l.marker_text, CAST(l.matched_on AS VARCHAR(10)), CAST(l.amount_yuan AS VARCHAR(30))
            )
            WHEN 6 THEN CONCAT_WS('|', l.budget_item_code, l.marker_text, CAST(l.amount_yuan AS VARCHAR(30)))
            WHEN 7 THEN CONCAT_WS('|', CAST(l.matched_on AS VARCHAR(10)), CAST(l.amount_yuan AS VARCHAR(30)))
        END AS pass_text
    FROM loose_line AS l
    CROSS JOIN line_pass AS p
    LEFT JOIN taken AS t ON t.line_id = l.line_id
    WHERE t.line_id IS NULL
),

ranked AS (
    SELECT
        told.*,
        ROW_NUMBER() OVER (
            PARTITION BY system_name, record_kind, document_number, recipient_id, pool_text, pass_text
            ORDER BY matched_on, line_id
        ) AS place_no
    FROM told
    WHERE pass_text IS NOT NULL
)

SELECT l.pass_no, l.line_id AS left_id, r.line_id AS right_id
FROM ranked AS l
JOIN ranked AS r
    ON r.record_kind = l.record_kind
    AND r.document_number = l.document_number
    AND r.recipient_id = l.recipient_id
    AND r.pool_text = l.pool_text
    AND r.pass_text = l.pass_text
    AND r.place_no = l.place_no
WHERE l.system_name = 'integrated' AND r.system_name = 'monitoring';
