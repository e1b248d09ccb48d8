-- query:  audit_line
-- asks:   which lines of a notice say that it is issued for the rectification of an audit
-- grain:  one row per line
-- unit:   none
-- params: $notice_key
SELECT
    line_no,
    line_text
FROM notice_line
WHERE notice_key = $notice_key AND line_text LIKE '%审计整改%';
