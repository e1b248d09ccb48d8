-- write:  drop_draft
-- does:   takes out the draft of one unit and round, before the next one is kept or when it is submitted
-- grain:  one row
-- unit:   none
-- params: $notice_key, $round_id, $recipient_id
DELETE FROM report_draft
WHERE notice_key = $notice_key AND round_id = $round_id AND recipient_id = $recipient_id;
