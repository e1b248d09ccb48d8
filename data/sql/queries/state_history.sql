-- query:  state_history
-- asks:   how one unit stood on one indicator in every round up to a moment
-- grain:  one row per round
-- unit:   micro-points
-- params: $notice_key, $recipient_id, $indicator_no, $as_of
SELECT
    r.round_id,
    r.round_name,
    r.period_end_on,
    s.state,
    s.score_micro,
    s.weight_micro,
    s.attainment_micro
FROM round AS r
LEFT JOIN score AS s
    ON s.notice_key = r.notice_key
    AND s.round_id = r.round_id
    AND s.recipient_id = $recipient_id
    AND s.indicator_no = $indicator_no
    AND s.valid_from <= $as_of
    AND s.valid_to > $as_of
WHERE r.notice_key = $notice_key AND r.opened_at <= $as_of
ORDER BY r.period_end_on;
