-- query:  notices
-- asks:   which notices are published, the newest first
-- grain:  one row per notice
-- unit:   元
-- params: none
SELECT
    n.document_number,
    n.title,
    n.issuer,
    n.dated_on,
    n.fund_name,
    n.amount_yuan,
    n.direct_fund_marker,
    n.file_name,
    n.published_at,
    n.published_by,
    (SELECT COUNT(DISTINCT l.recipient_id) FROM allocation_line AS l WHERE l.notice_key = n.notice_key)
        AS unit_count,
    (SELECT COUNT(*) FROM indicator AS i WHERE i.notice_key = n.notice_key) AS indicator_count
FROM notice AS n
ORDER BY n.dated_on DESC NULLS LAST, n.document_number DESC;
