-- write:  mark_held_rows
-- does:   refuses each row whose key another export of the system that holds has already for the same unit; one that
--         takes the whole amount of the held one back is a reversal and a row of its own
-- grain:  a row of export_row; row_key and docked_table stand for the kind's key and table
-- unit:   none
-- params: $system_name, $record_kind; reads lent_ended_export
UPDATE export_row
SET
    fault_code = 'doubled-key',
    fault_text = '主键在第 ' || h.export_no || ' 次导出的第 ' || h.line_no || ' ' || h.row_word || '已有'
FROM (
    SELECT
        k.recipient_id,
        k.row_key,
        MIN(e.export_no) AS export_no,
        MIN_BY(k.line_no, (e.export_no, k.line_no)) AS line_no,
        MIN_BY(e.row_word, (e.export_no, k.line_no)) AS row_word,
        SUM(k.amount_yuan) AS amount_yuan
    FROM docked_table AS k
    JOIN docked_export AS e ON e.export_no = k.export_no
    WHERE
        e.system_name = $system_name
        AND e.record_kind = $record_kind
        AND e.ended_at IS NULL
        AND e.export_no NOT IN (SELECT export_no FROM lent_ended_export)
    GROUP BY k.recipient_id, k.row_key
) AS h
WHERE
    export_row.recipient_id = h.recipient_id
    AND export_row.row_key = h.row_key
    AND (export_row.amount_yuan <> -h.amount_yuan OR export_row.amount_yuan = 0)
    AND export_row.fault_text = ''
    AND NOT export_row.is_deleted;
