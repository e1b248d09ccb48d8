-- query:  notice_fields
-- asks:   what the reader found in a notice's head and body, beside the printed words
-- grain:  one row per value that the text states
-- unit:   none
-- params: $notice_key
SELECT
    field_name,
    value_text,
    printed_text,
    line_no
FROM notice_field
WHERE notice_key = $notice_key
ORDER BY line_no;
