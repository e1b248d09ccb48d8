-- query:  counted_allotment
-- asks:   which budget allotments of the notice's money each system holds
-- grain:  one row per row of a current export; the loader refuses a key that is there already
-- unit:   元
-- params: none; reads docked_allotment
SELECT *
FROM docked_allotment
WHERE is_of_notice;
