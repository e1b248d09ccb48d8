-- query:  report_versions
-- asks:   how often one unit reported in one round, and which file each version came from
-- grain:  one row per version, the newest first
-- unit:   元
-- params: $document_number, $round_id, $recipient_id, $as_of
SELECT
    report_id,
    report_version,
    report_state,
    paid_yuan,
    file_name,
    file_sha256,
    filled_by,
    submitted_at,
    submitted_by
FROM report
WHERE
    document_number = $document_number
    AND round_id = $round_id
    AND recipient_id = $recipient_id
    AND submitted_at <= $as_of
ORDER BY report_version DESC;
