-- write:  mark_held_rows
-- does:   refuses each row whose key another export of the system that holds has already
-- grain:  a row of export_row; row_key and docked_table stand for the kind's key and table
-- unit:   none
-- params: $system_name, $record_kind; reads lent_ended_export
UPDATE export_row
SET
    fault_code = 'doubled-key',
    fault_text = '主键在第 ' || h.export_no || ' 次导出的第 ' || h.line_no || ' ' || h.row_word || '已有'
FROM (
    SELECT
        k.row_key,
        e.export_no,
        k.line_no,
        e.row_word
    FROM docked_table AS k
    JOIN docked_export AS e ON e.export_no = k.export_no
    WHERE
        e.system_name = $system_name
        AND e.record_kind = $record_kind
        AND e.ended_at IS NULL
        AND e.export_no NOT IN (SELECT export_no FROM lent_ended_export)
) AS h
WHERE
    export_row.row_key = h.row_key
    AND export_row.fault_text = ''
    AND NOT export_row.is_deleted;
