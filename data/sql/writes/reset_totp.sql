-- write:  reset_totp
-- does:   forgets an account's second factor
-- grain:  one row per account
-- unit:   none
-- params: $account_id
UPDATE account
SET
    totp_secret = '',
    totp_last_step = 0
WHERE account_id = $account_id;
