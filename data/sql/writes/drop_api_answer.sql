-- write:  drop_api_answer
-- does:   forgets what a request with this key was answered, and all answers that are too old to be asked for
-- grain:  one row per account and key
-- unit:   none; UTC
-- params: $account_id, $idempotency_key, $since
DELETE FROM api_answer
WHERE
    (account_id = $account_id AND idempotency_key = $idempotency_key)
    OR answered_at < $since;
