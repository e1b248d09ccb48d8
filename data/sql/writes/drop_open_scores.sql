-- write:  drop_open_scores
-- does:   takes out the scores that hold until $at or longer; what ended before stays
-- grain:  as begin_fresh_scores
-- unit:   none
-- params: $notice_key, $round_id, $recipient_id, $at
DELETE FROM score
WHERE
    notice_key = $notice_key
    AND round_id = $round_id
    AND ($recipient_id = '' OR recipient_id = $recipient_id)
    AND valid_to >= $at;
