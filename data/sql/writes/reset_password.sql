-- write:  reset_password
-- does:   gives an account an initial password, which its person must change at the next sign-in
-- grain:  one row per account
-- unit:   none; moment in UTC
-- params: $account_id, $password_hash, $password_changed_at
UPDATE account
SET
    password_hash = $password_hash,
    password_changed_at = $password_changed_at,
    must_change_password = TRUE
WHERE account_id = $account_id;
