-- query:  account_of_subject
-- asks:   whose key at the bureau's identity provider this is
-- grain:  one row, or none
-- unit:   none
-- params: $oidc_subject
SELECT
    account_id,
    person_name,
    role,
    recipient_id,
    is_disabled,
    oidc_subject
FROM account
WHERE oidc_subject <> '' AND oidc_subject = $oidc_subject;
