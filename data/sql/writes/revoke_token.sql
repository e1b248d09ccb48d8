-- write:  revoke_token
-- does:   ends a token for good
-- grain:  one row per token
-- unit:   none; UTC
-- params: $token_id, $revoked_at
UPDATE api_token
SET revoked_at = $revoked_at
WHERE token_id = $token_id;
