-- query:  fund_document
-- asks:   under which document numbers a notice's money may be booked: its own, and those that it adjusts
-- grain:  one row per document number
-- unit:   none
-- params: $document_number and its $notice_key
SELECT $document_number AS document_number
UNION
SELECT source_document
FROM allocation_line
WHERE notice_key = $notice_key AND source_document <> '';
