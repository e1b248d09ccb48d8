-- write:  keep_totp
-- does:   gives an account a second factor, whose first code is used up; an empty one takes it away
-- grain:  one row per account
-- unit:   steps of 30 seconds since 1970
-- params: $account_id, $totp_secret, $step
UPDATE account
SET
    totp_secret = $totp_secret,
    totp_last_step = $step
WHERE account_id = $account_id;
