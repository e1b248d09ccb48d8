-- query:  sign_in_failure
-- asks:   how often sign-ins failed for an account or from an address
-- grain:  one row, or none
-- unit:   none; moments in UTC
-- params: $subject_text
SELECT
    failure_count,
    failed_at
FROM sign_in_failure
WHERE subject_text = $subject_text;
