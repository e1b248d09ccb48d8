-- query:  clock_days
-- asks:   on which day a moment counts for a clock
-- grain:  one row
-- unit:   none
-- params: $moment
SELECT clock_day(CAST($moment AS TIMESTAMP)) AS clock_day;
