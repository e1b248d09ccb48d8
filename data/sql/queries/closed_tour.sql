-- query:  closed_tour
-- asks:   since when has an account put the first-use tour away?
-- grain:  one row for an account that has; none for one that has not
-- unit:   none
-- params: $account_id
SELECT tour_closed_at
FROM closed_tour
WHERE account_id = $account_id;
