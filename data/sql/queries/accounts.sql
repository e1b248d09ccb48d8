-- query:  accounts
-- asks:   who has an account, as what, for which unit; no secrets
-- grain:  one row per account
-- unit:   none; moments in UTC
-- params: none
SELECT
    a.account_id,
    a.person_name,
    a.role,
    a.recipient_id,
    r.recipient_name,
    a.is_disabled,
    a.password_hash <> '' AS has_password,
    a.must_change_password,
    a.totp_secret <> '' AS has_totp,
    a.oidc_subject,
    a.password_changed_at,
    a.created_at,
    a.created_by
FROM account AS a
LEFT JOIN recipient AS r ON r.recipient_id = a.recipient_id
ORDER BY a.recipient_id, a.role, a.account_id;
