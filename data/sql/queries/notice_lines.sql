-- query:  notice_lines
-- asks:   the words of a notice as received, line by line
-- grain:  one row per line
-- unit:   none
-- params: $notice_key
SELECT
    line_no,
    line_text,
    place_text
FROM notice_line
WHERE notice_key = $notice_key
ORDER BY line_no;
