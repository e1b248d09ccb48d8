-- query:  newest_evidence_no
-- asks:   the number of the newest piece of evidence of any unit
-- grain:  one row
-- unit:   none; 0 before the first one
-- params: none
SELECT COALESCE(MAX(evidence_no), 0) AS evidence_no
FROM evidence_file;
