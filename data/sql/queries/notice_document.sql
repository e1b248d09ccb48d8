-- query:  notice_document
-- asks:   under which document numbers the money of each published notice may be booked
-- grain:  one row per notice and document number: its own, and those that it adjusts
-- unit:   none
-- params: none
SELECT document_number AS notice_number, document_number
FROM notice
UNION
SELECT l.document_number, l.source_document
FROM allocation_line AS l
JOIN notice AS n ON n.notice_key = l.notice_key
WHERE l.source_document <> '';
