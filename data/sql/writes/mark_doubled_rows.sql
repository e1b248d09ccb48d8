-- write:  mark_doubled_rows
-- does:   refuses each row whose key an earlier row of the same unit has already; one that takes the whole amount of
--         the first back is a reversal and a row of its own
-- grain:  a row of export_row; row_key stands for the kind's key
-- unit:   none
-- params: $row_word
UPDATE export_row
SET
    fault_code = 'doubled-key',
    fault_text = '与第 ' || f.line_no || ' ' || $row_word || '的主键相同'
FROM (
    SELECT
        d.recipient_id,
        d.row_key,
        d.line_no,
        MIN(r.line_no) AS reversal_line_no
    FROM (
        SELECT
            recipient_id,
            row_key,
            MIN(line_no) AS line_no,
            MIN_BY(amount_yuan, line_no) AS amount_yuan
        FROM export_row
        WHERE NOT is_deleted
        GROUP BY recipient_id, row_key
        HAVING COUNT(*) > 1
    ) AS d
    LEFT JOIN export_row AS r
        ON
            r.recipient_id = d.recipient_id
            AND r.row_key = d.row_key
            AND r.line_no > d.line_no
            AND r.amount_yuan = -d.amount_yuan
            AND r.amount_yuan <> 0
            AND r.fault_text = ''
            AND NOT r.is_deleted
    GROUP BY d.recipient_id, d.row_key, d.line_no
) AS f
WHERE
    export_row.recipient_id = f.recipient_id
    AND export_row.row_key = f.row_key
    AND export_row.line_no > f.line_no
    AND export_row.line_no <> COALESCE(f.reversal_line_no, f.line_no)
    AND export_row.fault_text = ''
    AND NOT export_row.is_deleted;
