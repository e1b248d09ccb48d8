-- query:  received_content
-- asks:   the bytes of a received file
-- grain:  one row if it was received
-- unit:   none
-- params: $file_sha256
SELECT
    file_name,
    content
FROM received_file
WHERE file_sha256 = $file_sha256;
