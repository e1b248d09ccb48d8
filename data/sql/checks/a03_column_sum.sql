-- check:    A03
-- title:    各单位相加＝合计行
-- severity: fatal
-- grain:    one row per money column whose units do not add up to the total row; no rows means pass
-- unit:     元
-- params:   $notice_key, $with_passing
-- source:   the allocation table's own total row; a table that the text cuts off proves nothing and is left out
WITH unit_sum AS (
    SELECT
        r.table_no,
        c.column_no,
        SUM(c.amount_yuan) AS computed_yuan
    FROM allocation_row AS r
    JOIN allocation_cell AS c
        ON c.notice_key = r.notice_key AND c.table_no = r.table_no AND c.row_no = r.row_no
    WHERE r.notice_key = $notice_key AND r.row_kind = 'recipient'
    GROUP BY r.table_no, c.column_no
),

identity AS (
    SELECT
        r.line_no,
        r.printed_name || '：' || h.column_name AS subject_text,
        c.amount_yuan AS stated_yuan,
        u.computed_yuan
    FROM allocation_row AS r
    JOIN allocation_table AS t
        ON t.notice_key = r.notice_key AND t.table_no = r.table_no AND NOT t.is_cut_off
    JOIN allocation_cell AS c
        ON c.notice_key = r.notice_key AND c.table_no = r.table_no AND c.row_no = r.row_no
    JOIN allocation_column AS h
        ON h.notice_key = r.notice_key AND h.table_no = r.table_no AND h.column_no = c.column_no
    JOIN unit_sum AS u
        ON u.table_no = r.table_no AND u.column_no = c.column_no
    WHERE
        r.notice_key = $notice_key
        AND r.row_kind = 'total'
        AND h.column_role NOT IN ('count', 'note')
        AND (c.amount_yuan IS NOT NULL OR u.computed_yuan IS NOT NULL)
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
