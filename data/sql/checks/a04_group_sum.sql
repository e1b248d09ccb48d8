-- check:    A04
-- title:    分组各单位相加＝小计行
-- severity: fatal
-- grain:    one row per subtotal row and money column that does not add up; no rows means pass
-- unit:     元
-- params:   $notice_key, $with_passing
-- source:   the allocation table's own subtotal rows
WITH group_sum AS (
    SELECT
        r.table_no,
        r.parent_name,
        c.column_no,
        SUM(c.amount_yuan) AS computed_yuan
    FROM allocation_row AS r
    JOIN allocation_cell AS c
        ON c.notice_key = r.notice_key AND c.table_no = r.table_no AND c.row_no = r.row_no
    WHERE r.notice_key = $notice_key AND r.row_kind = 'recipient' AND r.parent_name <> ''
    GROUP BY r.table_no, r.parent_name, c.column_no
),

identity AS (
    SELECT
        r.line_no,
        r.printed_name || '：' || h.column_name AS subject_text,
        c.amount_yuan AS stated_yuan,
        g.computed_yuan
    FROM allocation_row AS r
    JOIN allocation_cell AS c
        ON c.notice_key = r.notice_key AND c.table_no = r.table_no AND c.row_no = r.row_no
    JOIN allocation_column AS h
        ON h.notice_key = r.notice_key AND h.table_no = r.table_no AND h.column_no = c.column_no
    JOIN group_sum AS g
        ON g.table_no = r.table_no AND g.column_no = c.column_no AND g.parent_name = r.row_name
    WHERE
        r.notice_key = $notice_key
        AND r.row_kind = 'subtotal'
        AND h.column_role NOT IN ('count', 'note')
        AND (c.amount_yuan IS NOT NULL OR g.computed_yuan IS NOT NULL)
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
