-- query:  duty_input
-- asks:   what each unit was asked to do by when, and what is known of it at a moment: the limits of each notice,
--         its reporting rounds, the returned reports
-- grain:  one row per notice, unit and duty
-- unit:   元
-- params: none; reads limit_duty, round_duty and return_duty
SELECT *
FROM limit_duty
UNION ALL BY NAME
SELECT *
FROM round_duty
UNION ALL BY NAME
SELECT *
FROM return_duty;
