-- query:  api_answer
-- asks:   what a request with this key was answered; status_code 0 while nobody knows
-- grain:  one row, or none
-- unit:   none; moments in UTC
-- params: $account_id, $idempotency_key, $since
SELECT
    request_sha256,
    status_code,
    answer_json
FROM api_answer
WHERE
    account_id = $account_id
    AND idempotency_key = $idempotency_key
    AND answered_at >= $since;
