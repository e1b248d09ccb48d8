-- query:  inquiry_files
-- asks:   which evidence a unit gave with the steps of one 问效单, as known at a moment
-- grain:  one row per file, the oldest first
-- unit:   bytes
-- params: $inquiry_no, $as_of
SELECT
    f.file_no,
    f.step_no,
    f.inquiry_no,
    f.recipient_id,
    f.file_name,
    f.file_sha256,
    octet_length(r.content) AS byte_count,
    e.happened_at,
    e.done_by
FROM inquiry_file AS f
JOIN inquiry_event AS e ON e.step_no = f.step_no
JOIN received_file AS r ON r.file_sha256 = f.file_sha256
WHERE f.inquiry_no = $inquiry_no AND e.happened_at <= $as_of
ORDER BY f.file_no;
