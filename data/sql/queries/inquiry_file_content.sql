-- query:  inquiry_file_content
-- asks:   the bytes of one piece of evidence that a unit gave with a 问效单
-- grain:  one row if it is there
-- unit:   none
-- params: $recipient_id, $file_no
SELECT
    f.file_name,
    r.content
FROM inquiry_file AS f
JOIN received_file AS r ON r.file_sha256 = f.file_sha256
WHERE f.recipient_id = $recipient_id AND f.file_no = $file_no;
