-- query:  api_token
-- asks:   whom the token with this hash stands for, and whether it still holds
-- grain:  one row, or none
-- unit:   none; moments in UTC
-- params: $token_sha256
SELECT
    t.token_id,
    t.token_name,
    t.scopes_text,
    t.expires_at,
    t.revoked_at,
    a.account_id,
    a.person_name,
    a.role,
    a.recipient_id,
    a.is_disabled
FROM api_token AS t
INNER JOIN account AS a ON t.account_id = a.account_id
WHERE t.token_sha256 = $token_sha256;
