-- write:  remove_evidence
-- does:   marks a piece of evidence as taken away; it stays readable
-- grain:  one row
-- unit:   none
-- params: $evidence_no, $removed_at, $removed_by
UPDATE evidence_file SET removed_at = $removed_at, removed_by = $removed_by
WHERE evidence_no = $evidence_no;
