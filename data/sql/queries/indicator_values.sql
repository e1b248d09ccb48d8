-- query:  indicator_values
-- asks:   what each unit reported on each indicator in a round and in every earlier one, as known at a moment
-- grain:  one row per recipient, indicator and round whose period ends no later than this round's
-- unit:   as reported; attainment in millionths
-- params: $notice_key, $round_id, $as_of
SELECT
    s.recipient_id,
    u.recipient_name,
    u.display_no,
    s.indicator_no,
    i.short_name,
    i.rollup_method,
    r.round_id,
    r.round_name,
    r.period_end_on,
    r.round_id = $round_id AS is_this_round,
    s.state,
    s.scored_kind,
    s.attainment_micro,
    t.scale,
    t.bound,
    t.upper_bound AS upper,
    t.target_unit,
    t.target_text,
    i.unit_text,
    a.numerator,
    a.denominator,
    a.actual_value AS value,
    a.prior_value
FROM round AS chosen
JOIN round AS r
    ON r.notice_key = chosen.notice_key
    AND (r.round_id = chosen.round_id OR r.period_end_on < chosen.period_end_on)
    AND r.opened_at <= $as_of
JOIN score AS s
    ON s.notice_key = r.notice_key
    AND s.round_id = r.round_id
    AND s.valid_from <= $as_of
    AND s.valid_to > $as_of
JOIN recipient AS u ON u.recipient_id = s.recipient_id
JOIN indicator AS i
    ON i.notice_key = s.notice_key AND i.indicator_no = s.indicator_no
JOIN target AS t
    ON t.notice_key = s.notice_key
    AND t.indicator_no = s.indicator_no
    AND t.recipient_id = s.recipient_id
    AND t.target_version = s.target_version
LEFT JOIN actual AS a ON a.notice_key = s.notice_key AND a.report_id = s.report_id AND a.indicator_no = s.indicator_no
WHERE chosen.notice_key = $notice_key AND chosen.round_id = $round_id
ORDER BY u.display_no, s.indicator_no, r.period_end_on, r.round_id;
