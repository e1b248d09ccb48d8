-- query:  newest_inquiry_numbers
-- asks:   the newest number of each kind of row that the life of 问效单 writes
-- grain:  one row
-- unit:   none; 0 before the first one
-- params: none
SELECT
    (SELECT COALESCE(MAX(inquiry_no), 0) FROM inquiry) AS inquiry_no,
    (SELECT COALESCE(MAX(step_no), 0) FROM inquiry_event) AS step_no,
    (SELECT COALESCE(MAX(file_no), 0) FROM inquiry_file) AS file_no,
    (SELECT COALESCE(MAX(dismissal_no), 0) FROM inquiry_dismissal) AS dismissal_no,
    (SELECT COALESCE(MAX(consequence_no), 0) FROM consequence) AS consequence_no,
    (SELECT COALESCE(MAX(rule_change_no), 0) FROM inquiry_rule_change) AS rule_change_no;
