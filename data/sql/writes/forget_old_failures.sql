-- write:  forget_old_failures
-- does:   forgets failed sign-ins of long ago
-- grain:  one row per account or address
-- unit:   none; UTC
-- params: $before
DELETE FROM sign_in_failure
WHERE failed_at < $before;
