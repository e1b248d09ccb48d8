-- query:  deadline_indicator
-- asks:   which indicators of a notice the clocks score
-- grain:  one row per indicator
-- unit:   none
-- params: $notice_key
SELECT indicator_no
FROM indicator
WHERE notice_key = $notice_key AND entry_kind = 'from_receipt';
