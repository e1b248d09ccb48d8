-- check:    A05
-- title:    表头所列文件金额＝合计行
-- severity: fatal
-- grain:    one row per source document whose amount in the head differs from the total row; no rows means pass
-- unit:     元
-- params:   $notice_key, $with_passing
-- source:   the head names a document and its amount, 「巴财社(2021)3号 11060万元」; the amount it first handed down
WITH identity AS (
    SELECT
        h.head_line_no AS line_no,
        '表头 ' || h.source_document AS subject_text,
        h.stated_total_yuan AS stated_yuan,
        c.amount_yuan AS computed_yuan
    FROM allocation_column AS h
    JOIN allocation_row AS r
        ON r.notice_key = h.notice_key AND r.table_no = h.table_no AND r.row_kind = 'total'
    JOIN allocation_cell AS c
        ON c.notice_key = h.notice_key AND c.table_no = h.table_no
        AND c.row_no = r.row_no AND c.column_no = h.column_no
    WHERE
        h.notice_key = $notice_key
        AND h.stated_total_yuan IS NOT NULL
        AND h.column_role IN ('before', 'part', 'subtotal')
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
