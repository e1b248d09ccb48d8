-- query:  issued_papers
-- asks:   which papers were handed out, by whom, and the hash of each file
-- grain:  one row per paper or batch handed out, the newest first
-- unit:   bytes
-- params: none
SELECT
    entry_no,
    entry_hash,
    happened_at,
    actor_name,
    action_name,
    COALESCE(detail_json ->> '$.recipient_id', '') AS recipient_id,
    subject_text,
    COALESCE(detail_json ->> '$.paper', '') AS paper_name,
    COALESCE(detail_json ->> '$.after.file', '') AS file_name,
    COALESCE(detail_json ->> '$.after.sha256', '') AS file_sha256,
    CAST(detail_json ->> '$.after.byte_count' AS BIGINT) AS byte_count
FROM audit_log
WHERE action_name IN ('issue_unit_paper', 'issue_region_paper', 'issue_inquiry_paper', 'issue_batch')
ORDER BY entry_no DESC;
