-- write:  drop_current_actuals
-- does:   takes out what counted for one unit and round; the versions stay in actual
-- grain:  one row per indicator
-- unit:   none
-- params: $notice_key, $round_id, $recipient_id
DELETE FROM actual_current
WHERE notice_key = $notice_key AND round_id = $round_id AND recipient_id = $recipient_id;
