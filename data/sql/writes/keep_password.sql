-- write:  keep_password
-- does:   gives an account a new password
-- grain:  one row per account
-- unit:   none; UTC
-- params: $account_id, $password_hash, $password_changed_at, $must_change_password
UPDATE account
SET
    password_hash = $password_hash,
    password_changed_at = $password_changed_at,
    must_change_password = $must_change_password
WHERE account_id = $account_id;
