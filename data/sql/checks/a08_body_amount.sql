-- check:    A08
-- title:    正文金额＝各单位之和
-- severity: warning
-- grain:    one row if the body and the allocation table state different money; no rows means pass
-- unit:     元
-- params:   $notice_key, $with_passing
-- source:   the body may state more than this notice hands down, so a difference is shown and a person decides
WITH handed_down AS (
    SELECT SUM(c.amount_yuan) AS computed_yuan
    FROM allocation_table AS t
    JOIN allocation_row AS r
        ON r.notice_key = t.notice_key AND r.table_no = t.table_no AND r.row_kind = 'recipient'
    JOIN allocation_cell AS c
        ON c.notice_key = t.notice_key AND c.table_no = t.table_no
        AND c.row_no = r.row_no AND c.column_no = t.amount_column_no
    WHERE t.notice_key = $notice_key AND NOT t.is_cut_off
),

identity AS (
    SELECT
        f.line_no,
        '正文：下达金额' AS subject_text,
        CAST(f.value_text AS DECIMAL(18, 2)) AS stated_yuan,
        d.computed_yuan
    FROM notice_field AS f
    CROSS JOIN handed_down AS d
    WHERE
        f.notice_key = $notice_key
        AND f.field_name = 'body_amount'
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
