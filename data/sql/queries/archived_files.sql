-- query:  archived_files
-- asks:   which files were received for the notices and reports of an archive
-- grain:  one row per file
-- unit:   none
-- params: $document_number ('' for every notice), $round_id ('' for every round)
SELECT
    f.file_sha256,
    f.file_name,
    f.content
FROM received_file AS f
WHERE
    f.file_sha256 IN (
        SELECT file_sha256
        FROM notice
        WHERE $document_number = '' OR document_number = $document_number
    )
    OR f.file_sha256 IN (
        SELECT file_sha256
        FROM report
        WHERE
            ($document_number = '' OR document_number = $document_number)
            AND ($round_id = '' OR round_id = $round_id)
    )
ORDER BY f.file_sha256;
