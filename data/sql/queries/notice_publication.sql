-- query:  notice_publication
-- asks:   which file a notice was published from, and what has come in on it since
-- grain:  one row if the notice is published
-- unit:   none
-- params: $notice_key
WITH newest_correction AS (
    SELECT
        file_sha256,
        field_name,
        corrected_text
    FROM correction
    QUALIFY ROW_NUMBER() OVER (PARTITION BY file_sha256, line_no, field_name ORDER BY correction_no DESC) = 1
)

SELECT
    n.file_sha256,
    (SELECT COUNT(*) FROM report AS r WHERE r.notice_key = n.notice_key) AS report_count,
    (
        SELECT COUNT(*) FROM target AS t WHERE t.notice_key = n.notice_key AND t.target_version > 1
    ) AS target_change_count,
    (
        SELECT COUNT(*)
        FROM newest_correction AS c
        WHERE
            c.file_sha256 = n.file_sha256
            AND NOT EXISTS (
                SELECT 1
                FROM notice_finding AS f
                WHERE
                    f.notice_key = n.notice_key
                    AND f.finding_code = 'corrected-by-hand'
                    AND f.field_name = c.field_name
                    AND f.read_text = c.corrected_text
            )
    ) AS pending_count
FROM notice AS n
WHERE n.notice_key = $notice_key;
