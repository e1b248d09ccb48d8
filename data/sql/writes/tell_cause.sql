-- write:  tell_cause
-- does:   notes that what had to be told at once is in the outbox, or that there was nobody to tell
-- grain:  one row
-- unit:   none
-- params: $cause_no, $told_at
UPDATE message_cause
SET told_at = $told_at
WHERE cause_no = $cause_no;
