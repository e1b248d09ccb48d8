-- query:  explained_score
-- asks:   how each reported indicator of a round is scored at a moment, with the words that its report gives for it
-- grain:  one row per recipient and indicator of the notice, narrowed to one recipient unless it is ''
-- unit:   micro-points; sides of the attainment as scored
-- params: $notice_key, $round_id, $recipient_id, $as_of
SELECT
    s.recipient_id,
    s.indicator_no,
    i.short_name,
    i.entry_kind,
    s.scored_kind,
    s.state,
    s.achieved,
    s.required,
    s.attainment_micro,
    s.rule_version,
    s.report_id,
    COALESCE(a.deviation_reason, '') AS deviation_reason,
    COALESCE(a.improvement_measure, '') AS improvement_measure
FROM score AS s
JOIN indicator AS i ON i.notice_key = s.notice_key AND i.indicator_no = s.indicator_no
LEFT JOIN actual AS a
    ON a.notice_key = s.notice_key AND a.report_id = s.report_id AND a.indicator_no = s.indicator_no
WHERE
    s.notice_key = $notice_key
    AND s.round_id = $round_id
    AND ($recipient_id = '' OR s.recipient_id = $recipient_id)
    AND s.valid_from <= $as_of
    AND s.valid_to > $as_of;
