-- query:  sign_in_failures
-- asks:   for which accounts sign-ins failed lately; names that no account has are left out
-- grain:  one row per account with failures
-- unit:   none; moments in UTC
-- params: none
SELECT
    a.account_id,
    f.failure_count,
    f.failed_at
FROM sign_in_failure AS f
JOIN account AS a ON a.account_id = f.subject_text
ORDER BY a.account_id;
