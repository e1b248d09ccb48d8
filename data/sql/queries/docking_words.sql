-- query:  docking_words
-- asks:   what the words of an export are called here, by the newest version of its mapping
-- grain:  one row per field and word
-- unit:   none
-- params: $mapping_key
SELECT
    field_name,
    word_text,
    value_text
FROM docking_word
WHERE
    mapping_key = $mapping_key
    AND mapping_version = (SELECT MAX(n.mapping_version) FROM docking_version AS n WHERE n.mapping_key = $mapping_key)
ORDER BY rowid;
