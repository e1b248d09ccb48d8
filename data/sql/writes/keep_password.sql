-- write:  keep_password
-- does:   gives an account a new password; changes no row if it has another than the one that was proved
-- grain:  one row per account
-- unit:   none; UTC
-- params: $account_id, $old_hash, $new_hash, $password_changed_at, $must_change_password
UPDATE account
SET
    password_hash = $new_hash,
    password_changed_at = $password_changed_at,
    must_change_password = $must_change_password
WHERE
    account_id = $account_id
    AND password_hash = $old_hash;
