-- query:  reconcile_told
-- asks:   which lines differ between the two systems, in what, and which belong together
-- grain:  one row per line that differs; part_no is the same for the lines of one difference
-- unit:   元
-- params: none; reads loose_line, line_pair
-- rule:   what is the same money differs in its amount, else its marker, its account, its day. Lines of one day on
--         both sides that nothing pairs differ in their sum; on one side only they are missing or extra. Where the
--         sums of account and marker agree, only days differ, or the amounts of lines with the same key.
--         More than twenty of one kind are told as one.
WITH pair AS (
    SELECT
        p.left_id,
        p.right_id,
        l.budget_item_code,
        l.marker_text,
        r.budget_item_code AS right_item_code,
        r.marker_text AS right_marker_text,
        CASE
            WHEN l.amount_yuan <> r.amount_yuan THEN 'amount'
            WHEN l.marker_text <> r.marker_text THEN 'marker'
            WHEN l.budget_item_code <> r.budget_item_code THEN 'account'
            WHEN l.line_on <> r.line_on THEN 'date'
        END AS difference_kind
    FROM line_pair AS p
    JOIN loose_line AS l ON l.line_id = p.left_id
    JOIN loose_line AS r ON r.line_id = p.right_id
),

paired AS (
    SELECT left_id AS line_id, pair.* FROM pair
    UNION ALL
    SELECT right_id AS line_id, pair.* FROM pair
),

single AS (
    SELECT
        l.*,
        MIN(l.line_id) OVER (
            PARTITION BY
                l.record_kind, l.document_number, l.recipient_id, l.budget_item_code, l.marker_text, l.matched_on
        ) AS first_id,
        MIN(l.system_name) OVER (
            PARTITION BY
                l.record_kind, l.document_number, l.recipient_id, l.budget_item_code, l.marker_text, l.matched_on
        ) AS first_system,
        MAX(l.system_name) OVER (
            PARTITION BY
                l.record_kind, l.document_number, l.recipient_id, l.budget_item_code, l.marker_text, l.matched_on
        ) AS last_system
    FROM loose_line AS l
    LEFT JOIN paired AS p ON p.line_id = l.line_id
    WHERE p.line_id IS NULL
),

regrouped AS (
    SELECT DISTINCT record_kind, document_number, recipient_id, pool_text
    FROM single
    WHERE is_even
),

told AS (
    SELECT
        l.line_id, l.system_name, l.file_name, l.line_no, l.record_kind, l.document_number, l.recipient_id,
        l.line_on, l.amount_yuan, p.left_id AS part_no, p.budget_item_code, p.marker_text, p.right_item_code,
        p.right_marker_text, p.difference_kind
    FROM paired AS p
    JOIN loose_line AS l ON l.line_id = p.line_id
    LEFT JOIN regrouped AS g
        ON l.is_even
        AND g.record_kind = l.record_kind
        AND g.document_number = l.document_number
        AND g.recipient_id = l.recipient_id
        AND g.pool_text = l.pool_text
    WHERE p.difference_kind IS NOT NULL AND (p.difference_kind = 'date' OR g.record_kind IS NULL)
    UNION ALL
    SELECT
        line_id, system_name, file_name, line_no, record_kind, document_number, recipient_id, line_on, amount_yuan,
        CASE WHEN first_system <> last_system THEN first_id ELSE line_id END,
        budget_item_code, marker_text, budget_item_code, marker_text,
        CASE
            WHEN first_system <> last_system THEN 'amount'
            WHEN system_name = 'integrated' THEN 'missing'
            ELSE 'extra'
        END
    FROM single
    WHERE NOT is_even
),

parts AS (
    SELECT
        record_kind, document_number, recipient_id, budget_item_code, marker_text, right_item_code,
        right_marker_text, difference_kind, COUNT(DISTINCT part_no) AS part_count, MIN(part_no) AS first_part_no
    FROM told
    GROUP BY
        record_kind, document_number, recipient_id, budget_item_code, marker_text, right_item_code,
        right_marker_text, difference_kind
)

SELECT
    t.line_id,
    t.system_name,
    t.file_name,
    t.line_no,
    t.record_kind,
    t.document_number,
    t.recipient_id,
    t.line_on,
    t.amount_yuan,
    t.budget_item_code,
    t.marker_text,
    t.right_item_code,
    t.right_marker_text,
    t.difference_kind,
    CASE WHEN p.part_count > 20 THEN p.first_part_no ELSE t.part_no END AS part_no
FROM told AS t
JOIN parts AS p
    ON p.record_kind = t.record_kind
    AND p.document_number = t.document_number
    AND p.recipient_id = t.recipient_id
    AND p.budget_item_code = t.budget_item_code
    AND p.marker_text = t.marker_text
    AND p.right_item_code = t.right_item_code
    AND p.right_marker_text = t.right_marker_text
    AND p.difference_kind = t.difference_kind;
