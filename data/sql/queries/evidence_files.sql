-- query:  evidence_files
-- asks:   which evidence a unit put beside its report of one round, also what was taken away again
-- grain:  one row per file, the newest first
-- unit:   none; indicator_no 0 stands for the report as a whole
-- params: $notice_key, $round_id, $recipient_id, $as_of
SELECT
    e.evidence_no,
    e.indicator_no,
    i.short_name,
    e.file_name,
    e.file_sha256,
    octet_length(f.content) AS byte_count,
    e.added_at,
    e.added_by,
    CASE WHEN e.removed_at <= $as_of THEN e.removed_at END AS removed_at,
    CASE WHEN e.removed_at <= $as_of THEN e.removed_by ELSE '' END AS removed_by
FROM evidence_file AS e
JOIN received_file AS f ON f.file_sha256 = e.file_sha256
LEFT JOIN indicator AS i ON i.notice_key = e.notice_key AND i.indicator_no = e.indicator_no
WHERE
    e.notice_key = $notice_key
    AND e.round_id = $round_id
    AND e.recipient_id = $recipient_id
    AND e.added_at <= $as_of
ORDER BY e.evidence_no DESC;
