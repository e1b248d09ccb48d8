-- query:  evidence_content
-- asks:   the bytes of one piece of evidence of one unit's report
-- grain:  one row if it is there
-- unit:   none
-- params: $notice_key, $round_id, $recipient_id, $evidence_no
SELECT
    e.file_name,
    f.content
FROM evidence_file AS e
JOIN received_file AS f ON f.file_sha256 = e.file_sha256
WHERE
    e.notice_key = $notice_key
    AND e.round_id = $round_id
    AND e.recipient_id = $recipient_id
    AND e.evidence_no = $evidence_no;
