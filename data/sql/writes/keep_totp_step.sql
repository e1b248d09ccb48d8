-- write:  keep_totp_step
-- does:   uses up a one-time code; changes no row if it or a later one was used before
-- grain:  one row per account
-- unit:   steps of 30 seconds since 1970
-- params: $account_id, $step
UPDATE account
SET totp_last_step = $step
WHERE
    account_id = $account_id
    AND totp_last_step < $step;
