-- query:  deadline_indicator
-- asks:   which indicators of a notice the clocks score
-- grain:  one row per indicator
-- unit:   none
-- params: $document_number
SELECT indicator_no
FROM indicator
WHERE notice_key = notice_key($document_number) AND entry_kind = 'from_receipt';
