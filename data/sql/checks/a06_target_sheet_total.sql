-- check:    A06
-- title:    绩效目标表年度金额＝分配表合计
-- severity: fatal
-- grain:    one row if the target sheet and the allocation table state different money; no rows means pass
-- unit:     元
-- params:   $notice_key, $with_passing
-- source:   both annexes of one notice hand down the same money
WITH handed_down AS (
    SELECT SUM(c.amount_yuan) AS computed_yuan
    FROM allocation_table AS t
    JOIN allocation_row AS r
        ON r.notice_key = t.notice_key AND r.table_no = t.table_no AND r.row_kind = 'total'
    JOIN allocation_cell AS c
        ON c.notice_key = t.notice_key AND c.table_no = t.table_no
        AND c.row_no = r.row_no AND c.column_no = t.amount_column_no
    WHERE t.notice_key = $notice_key AND NOT t.is_cut_off
),

identity AS (
    SELECT
        s.annual_amount_line_no AS line_no,
        '绩效目标表：年度金额' AS subject_text,
        s.annual_amount_yuan AS stated_yuan,
        d.computed_yuan
    FROM target_sheet AS s
    CROSS JOIN handed_down AS d
    WHERE
        s.notice_key = $notice_key
        AND s.annual_amount_yuan IS NOT NULL
        AND d.computed_yuan IS NOT NULL
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
