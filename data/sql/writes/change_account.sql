-- write:  change_account
-- does:   puts an account's name, role, unit, subject at the bureau's sign-in and closed state to new values
-- grain:  one row per account
-- unit:   none
-- params: $account_id, $person_name, $role, $recipient_id, $oidc_subject, $is_disabled
UPDATE account
SET
    person_name = $person_name,
    role = $role,
    recipient_id = $recipient_id,
    oidc_subject = $oidc_subject,
    is_disabled = $is_disabled
WHERE account_id = $account_id;
