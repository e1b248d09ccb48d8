-- write:  mend_differences
-- does:   ends the differences that are no longer found
-- grain:  one row per difference that was open
-- unit:   none
-- params: $at; reads told_difference
UPDATE difference
SET mended_at = $at
WHERE difference_no IN (SELECT open_no FROM told_difference WHERE open_no IS NOT NULL AND NOT is_found);
