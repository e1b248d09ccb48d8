-- query:  allocation_cells
-- asks:   the money cells of a notice's allocation tables as printed, under their heads
-- grain:  one row per table, row and money column
-- unit:   元; empty where the cell is blank
-- params: $notice_key
SELECT
    r.table_no,
    t.table_title,
    t.unit_text,
    t.is_prose,
    r.row_no,
    r.line_no,
    r.row_kind,
    r.row_name,
    r.parent_name,
    COALESCE(r.recipient_id, '') AS recipient_id,
    c.column_no,
    h.column_name,
    h.column_role,
    h.source_document,
    h.stated_total_yuan,
    c.printed_text,
    c.amount_yuan
FROM allocation_row AS r
JOIN allocation_table AS t ON t.notice_key = r.notice_key AND t.table_no = r.table_no
JOIN allocation_cell AS c
    ON c.notice_key = r.notice_key AND c.table_no = r.table_no AND c.row_no = r.row_no
JOIN allocation_column AS h
    ON h.notice_key = c.notice_key AND h.table_no = c.table_no AND h.column_no = c.column_no
WHERE r.notice_key = $notice_key
ORDER BY r.table_no, r.row_no, c.column_no;
