-- query:  counted_payment
-- asks:   which payments of the notice's money each system holds
-- grain:  one row per row of a current export; the loader refuses a key that is there already
-- unit:   元
-- params: none; reads docked_payment
SELECT *
FROM docked_payment
WHERE is_of_notice;
