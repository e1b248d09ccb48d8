-- query:  api_tokens
-- asks:   which tokens were ever issued, to whom, for what, and until when; never their secrets
-- grain:  one row per token, the newest first
-- unit:   none; moments in UTC
-- params: none
SELECT
    t.token_id,
    t.token_name,
    t.account_id,
    a.person_name,
    a.role,
    t.scopes_text,
    t.created_at,
    t.created_by,
    t.expires_at,
    t.revoked_at
FROM api_token AS t
INNER JOIN account AS a ON t.account_id = a.account_id
ORDER BY t.created_at DESC, t.token_id;
