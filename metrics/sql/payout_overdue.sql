-- query:  payout_overdue
-- asks:   who was not given which kind of aid by the payout day of which month, as the on-time rate counts it
-- grain:  one row per recipient, kind of aid, month and person whose payout day has come and who is not on time
-- unit:   元
-- params: none; reads payout_person_month
SELECT *
FROM payout_person_month
WHERE month_state IN ('late', 'failed', 'pending');
