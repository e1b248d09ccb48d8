-- write:  mark_doubled_rows
-- does:   refuses each row whose key an earlier row of the file, or another export that holds, has already
-- grain:  a row of export_row; row_key and docked_table stand for the kind's key and table
-- unit:   none
-- params: $system_name, $record_kind; reads lent_ended_export
UPDATE export_row
SET
    fault_code = 'doubled-key',
    fault_text = CASE
        WHEN d.export_no IS NULL THEN '与第 ' || d.line_no || ' 行的主键相同'
        ELSE '主键在第 ' || d.export_no || ' 次导出的第 ' || d.line_no || ' 行已有'
    END
FROM (
    SELECT
        r.line_no AS row_line_no,
        NULL AS export_no,
        f.line_no
    FROM export_row AS r
    JOIN (
        SELECT
            row_key,
            MIN(line_no) AS line_no
        FROM export_row
        WHERE NOT is_deleted
        GROUP BY row_key
        HAVING COUNT(*) > 1
    ) AS f ON f.row_key = r.row_key AND f.line_no < r.line_no
    WHERE NOT r.is_deleted

    UNION ALL

    SELECT
        r.line_no,
        k.export_no,
        k.line_no
    FROM export_row AS r
    JOIN docked_table AS k ON k.row_key = r.row_key
    JOIN docked_export AS e ON e.export_no = k.export_no
    WHERE
        e.system_name = $system_name
        AND e.record_kind = $record_kind
        AND e.ended_at IS NULL
        AND e.export_no NOT IN (SELECT export_no FROM lent_ended_export)
        AND NOT r.is_deleted
) AS d
WHERE export_row.line_no = d.row_line_no AND export_row.fault_text = '';
