-- write:  keep_new_hash
-- does:   keeps the same password with other parameters, unless it was changed meanwhile
-- grain:  one row per account
-- unit:   none
-- params: $account_id, $old_hash, $new_hash
UPDATE account
SET password_hash = $new_hash
WHERE
    account_id = $account_id
    AND password_hash = $old_hash;
