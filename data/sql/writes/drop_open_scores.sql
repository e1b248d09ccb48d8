-- write:  drop_open_scores
-- does:   takes out the scores that hold until $at or longer; what ended before stays
-- grain:  as begin_fresh_scores
-- unit:   none
-- params: $notice_key, $round_id, $recipient_id, $at, $is_reported
DELETE FROM score
WHERE
    notice_key = $notice_key
    AND round_id = $round_id
    AND ($recipient_id = '' OR recipient_id = $recipient_id)
    AND (NOT $is_reported OR indicator_no NOT IN (
        SELECT i.indicator_no
        FROM indicator AS i
        WHERE i.notice_key = $notice_key AND i.entry_kind = 'from_receipt'
    ))
    AND valid_to >= $at;
