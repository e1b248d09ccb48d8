-- query:  archived_files
-- asks:   which received files belong to the archive of some rounds: what is no report belongs to every one
-- grain:  one row per file
-- unit:   none
-- params: $notice_key, $round_id
SELECT
    f.file_sha256,
    f.file_name,
    f.content
FROM received_file AS f
WHERE
    f.file_sha256 NOT IN (SELECT file_sha256 FROM report)
    OR f.file_sha256 IN (
        SELECT file_sha256
        FROM report
        WHERE notice_key = $notice_key AND round_id = $round_id
    )
ORDER BY f.file_sha256;
