-- check:    A01
-- title:    调整前＋调整数＝调整后
-- severity: fatal
-- grain:    one row per line and source document that does not add up; no rows means pass
-- unit:     元
-- params:   $document_number, $with_passing
-- source:   the allocation table's own heads state the identity
WITH term AS (
    SELECT
        i.table_no,
        i.identity_no,
        i.column_no,
        c.row_no,
        SUM(c.amount_yuan) AS computed_yuan,
        COUNT(c.amount_yuan) AS filled_count
    FROM allocation_identity AS i
    JOIN allocation_cell AS c
        ON c.document_number = i.document_number
        AND c.table_no = i.table_no
        AND c.column_no = i.term_column_no
    WHERE i.document_number = $document_number AND i.identity_kind = 'line'
    GROUP BY i.table_no, i.identity_no, i.column_no, c.row_no
),

identity AS (
    SELECT
        r.line_no,
        r.row_name || '：' || h.column_name AS subject_text,
        s.amount_yuan AS stated_yuan,
        t.computed_yuan
    FROM term AS t
    JOIN allocation_row AS r
        ON r.document_number = $document_number AND r.table_no = t.table_no AND r.row_no = t.row_no
    JOIN allocation_column AS h
        ON h.document_number = $document_number AND h.table_no = t.table_no AND h.column_no = t.column_no
    JOIN allocation_cell AS s
        ON s.document_number = $document_number AND s.table_no = t.table_no
        AND s.row_no = t.row_no AND s.column_no = t.column_no
    WHERE s.amount_yuan IS NOT NULL OR t.filled_count > 0
)

SELECT
    line_no,
    subject_text,
    stated_yuan,
    computed_yuan,
    stated_yuan - computed_yuan AS difference_yuan,
    stated_yuan IS NOT DISTINCT FROM computed_yuan AS holds
FROM identity
WHERE $with_passing OR stated_yuan IS DISTINCT FROM computed_yuan
ORDER BY line_no, subject_text;
