-- query:  reconcile_loose
-- asks:   which lines of the two systems have to be looked at one by one
-- grain:  one row per line of a kind (document, unit, account, marker, day, amount) that the two systems do not have
--         equally often; all others agree
-- unit:   元
-- params: none; reads compared_line
-- rule:   is_even where both systems have lines of the document, unit, account and marker and their sums agree; such
--         lines are only compared among themselves (pool_text)
WITH added AS (
    SELECT
        record_kind, document_number, recipient_id, budget_item_code, marker_text,
        SUM(CASE WHEN system_name = 'integrated' THEN amount_yuan ELSE -amount_yuan END) = 0
        AND COUNT(DISTINCT system_name) = 2 AS is_even
    FROM compared_line
    GROUP BY record_kind, document_number, recipient_id, budget_item_code, marker_text
),

doubtful AS (
    SELECT record_kind, document_number, recipient_id, budget_item_code, marker_text, matched_on, amount_yuan
    FROM compared_line
    GROUP BY record_kind, document_number, recipient_id, budget_item_code, marker_text, matched_on, amount_yuan
    HAVING SUM(CASE WHEN system_name = 'integrated' THEN 1 ELSE -1 END) <> 0
)

SELECT
    ROW_NUMBER() OVER (ORDER BY c.system_name, c.record_kind, c.export_no, c.line_no) AS line_id,
    c.*,
    a.is_even,
    CASE WHEN a.is_even THEN CONCAT(c.budget_item_code, '|', c.marker_text) ELSE '' END AS pool_text
FROM compared_line AS c
JOIN doubtful AS d
    ON d.record_kind = c.record_kind
    AND d.document_number = c.document_number
    AND d.recipient_id = c.recipient_id
    AND d.budget_item_code = c.budget_item_code
    AND d.marker_text = c.marker_text
    AND d.matched_on = c.matched_on
    AND d.amount_yuan = c.amount_yuan
JOIN added AS a
    ON a.record_kind = c.record_kind
    AND a.document_number = c.document_number
    AND a.recipient_id = c.recipient_id
    AND a.budget_item_code = c.budget_item_code
    AND a.marker_text = c.marker_text;
