-- write:  drop_round_weights
-- does:   takes out the weights of a round, before they are fixed anew
-- grain:  one row per indicator
-- unit:   none
-- params: $notice_key, $round_id
DELETE FROM round_weight
WHERE notice_key = $notice_key AND round_id = $round_id;
