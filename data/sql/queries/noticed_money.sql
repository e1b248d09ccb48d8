-- query:  noticed_money
-- asks:   what each published notice hands down to each of its units, and under which marker
-- grain:  one row per notice and recipient with an amount
-- unit:   元
-- params: none
SELECT
    n.document_number AS notice_number,
    l.recipient_id,
    COALESCE(n.direct_fund_marker, '') AS marker_text,
    SUM(l.after_yuan) AS after_yuan,
    MIN(l.line_no) AS line_no
FROM notice AS n
JOIN allocation_line AS l ON l.document_number = n.document_number
GROUP BY n.document_number, n.direct_fund_marker, l.recipient_id
HAVING COUNT(l.after_yuan) = COUNT(*);
