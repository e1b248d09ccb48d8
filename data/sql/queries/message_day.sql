-- query:  message_day
-- asks:   whether the digests of a day were made
-- grain:  one row, or none
-- unit:   none
-- params: $digest_on
SELECT
    digest_on,
    made_at,
    message_count
FROM message_day
WHERE digest_on = $digest_on;
