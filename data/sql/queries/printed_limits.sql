-- query:  printed_limits
-- asks:   which time limits a notice sets, as printed
-- grain:  one row per limit of a notice
-- unit:   none
-- params: $document_number and its $notice_key (one notice; empty for all)
SELECT
    document_number,
    deadline_no,
    what_text,
    working_day_count
FROM notice_deadline
WHERE $document_number = '' OR notice_key = $notice_key;
