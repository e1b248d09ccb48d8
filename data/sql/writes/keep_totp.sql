-- write:  keep_totp
-- does:   gives an account a second factor, whose first code is used up; changes no row if password or factor
--         are others than those that were seen
-- grain:  one row per account
-- unit:   steps of 30 seconds since 1970
-- params: $account_id, $password_hash, $old_secret, $new_secret, $step
UPDATE account
SET
    totp_secret = $new_secret,
    totp_last_step = $step
WHERE
    account_id = $account_id
    AND password_hash = $password_hash
    AND totp_secret = $old_secret;
