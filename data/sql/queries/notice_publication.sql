-- query:  notice_publication
-- asks:   which file a notice was published from, and what has come in on it since
-- grain:  one row if the notice is published
-- unit:   none
-- params: $document_number
SELECT
    n.file_sha256,
    (SELECT COUNT(*) FROM report AS r WHERE r.document_number = n.document_number) AS report_count,
    (SELECT COUNT(*) FROM correction AS c WHERE c.file_sha256 = n.file_sha256) AS correction_count,
    (
        SELECT COUNT(*)
        FROM correction AS c
        WHERE c.file_sha256 = n.file_sha256 AND c.corrected_at <= n.published_at
    ) AS applied_count
FROM notice AS n
WHERE n.document_number = $document_number;
