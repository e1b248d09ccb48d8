-- write:  bind_subject
-- does:   binds an account to its person's key at the bureau's identity provider
-- grain:  one row per account
-- unit:   none
-- params: $account_id, $oidc_subject
UPDATE account
SET oidc_subject = $oidc_subject
WHERE account_id = $account_id;
