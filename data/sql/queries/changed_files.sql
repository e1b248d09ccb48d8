-- query:  changed_files
-- asks:   which received files are no longer the bytes that their hash was taken of
-- grain:  one row per file
-- unit:   none
-- params: none
SELECT '《' || file_name || '》（校验码 ' || LEFT(file_sha256, 12) || '…）' AS place_text
FROM received_file
WHERE SHA256(content) <> file_sha256
ORDER BY ALL;
