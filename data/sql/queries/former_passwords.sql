-- query:  former_passwords
-- asks:   the hashes of an account's last passwords, newest first
-- grain:  one row per password, at most $count of them
-- unit:   none; moments in UTC
-- params: $account_id, $count
SELECT password_hash
FROM former_password
WHERE account_id = $account_id
ORDER BY replaced_at DESC
LIMIT $count;
