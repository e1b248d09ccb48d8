-- query:  received_file_name
-- asks:   whether a file was received before, and under which name
-- grain:  one row if it was
-- unit:   none
-- params: $file_sha256
SELECT
    file_name,
    received_at,
    received_by
FROM received_file
WHERE file_sha256 = $file_sha256;
