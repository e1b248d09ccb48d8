-- query:  evidence_day
-- asks:   up to which day payouts and payments are counted
-- grain:  one row
-- unit:   none
-- params: $until_on
SELECT CAST($until_on AS DATE) AS until_on;
