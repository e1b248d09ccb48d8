-- query:  noticed_money
-- asks:   what each published notice hands down to each of its units, under which marker, and by when to be registered
-- grain:  one row per notice and recipient
-- unit:   元; after_yuan is empty where the paper leaves an amount of the unit blank
-- params: none; reads unit_receipt
-- rule:   due_on is the unit's own last day where its receipt is known, else the day of the paper
SELECT
    n.document_number AS notice_number,
    l.recipient_id,
    COALESCE(n.direct_fund_marker, '') AS marker_text,
    COALESCE(c.due_on, n.dated_on, CAST(n.published_at AS DATE)) AS due_on,
    CASE WHEN COUNT(l.after_yuan) = COUNT(*) THEN SUM(l.after_yuan) END AS after_yuan,
    MIN(l.line_no) AS line_no
FROM notice AS n
JOIN allocation_line AS l ON l.notice_key = n.notice_key
LEFT JOIN unit_receipt AS c ON c.document_number = n.document_number AND c.recipient_id = l.recipient_id
GROUP BY n.document_number, n.direct_fund_marker, n.dated_on, n.published_at, c.due_on, l.recipient_id;
