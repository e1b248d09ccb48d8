-- query:  report_versions
-- asks:   how often one unit reported in one round, which file each version came from, and what became of it
-- grain:  one row per version, the newest first
-- unit:   元
-- params: $notice_key, $round_id, $recipient_id, $as_of
SELECT
    r.recipient_id,
    r.report_id,
    r.report_version,
    e.report_state,
    e.event_reason,
    e.happened_at,
    e.done_by,
    r.paid_yuan,
    r.file_name,
    r.file_sha256,
    r.filled_by,
    r.submitted_at,
    r.submitted_by,
    r.statement_text
FROM report AS r
LEFT JOIN report_event AS e
    ON e.notice_key = r.notice_key
    AND e.report_id = r.report_id AND e.happened_at <= $as_of
WHERE
    r.notice_key = $notice_key
    AND r.round_id = $round_id
    AND r.recipient_id = $recipient_id
    AND r.submitted_at <= $as_of
QUALIFY ROW_NUMBER() OVER (PARTITION BY r.report_id ORDER BY e.event_no DESC) = 1
ORDER BY r.report_version DESC;
