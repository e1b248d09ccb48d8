-- query:  change_against_earlier
-- asks:   does a notice repeat the earlier notices it adjusts as they were published here
-- grain:  one row per recipient and source document that is itself published
-- unit:   元
-- params: $document_number and its $notice_key
WITH earlier AS (
    SELECT
        document_number,
        recipient_id,
        SUM(after_yuan) AS after_yuan
    FROM allocation_line
    WHERE document_number <> $document_number
    GROUP BY document_number, recipient_id
)

SELECT
    l.source_document,
    u.recipient_name,
    u.display_no,
    e.after_yuan AS published_yuan,
    l.before_yuan,
    l.adjustment_yuan,
    l.after_yuan,
    l.before_yuan - e.after_yuan AS difference_yuan
FROM allocation_line AS l
JOIN earlier AS e
    ON e.document_number = l.source_document AND e.recipient_id = l.recipient_id
JOIN recipient AS u ON u.recipient_id = l.recipient_id
WHERE l.notice_key = $notice_key
ORDER BY l.source_document, u.display_no;
