-- query:  account
-- asks:   everything about one account
-- grain:  one row, or none
-- unit:   none; moments in UTC
-- params: $account_id
SELECT *
FROM account
WHERE account_id = $account_id;
