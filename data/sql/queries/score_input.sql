-- query:  score_input
-- asks:   what the scoring rule has to know about each indicator of a unit in a round
-- grain:  one row per recipient, indicator of the notice and moment, narrowed to one recipient unless it is ''
-- unit:   as reported; weights in micro-points
-- params: $notice_key, $round_id, $recipient_id
SELECT
    t.document_number,
    t.recipient_id,
    t.indicator_no,
    r.round_id,
    m.valid_from,
    m.valid_to,
    r.rule_version,
    t.scored_kind,
    t.scale,
    t.bound,
    t.upper_bound AS upper,
    a.numerator,
    a.denominator,
    a.actual_value AS value,
    a.prior_value,
    a.band,
    a.band_share,
    COALESCE(a.evidence_text, '') <> '' AS is_evidenced,
    c.allowed_days,
    c.taken_days,
    CASE WHEN i.entry_kind = 'from_receipt' THEN c.due_on ELSE r.due_on END AS due_on,
    c.done_on,
    m.as_of_on,
    i.entry_kind = 'from_receipt' OR a.report_id IS NOT NULL AS is_reported,
    -- A clock that starts with this notice says nothing about a period that ended before it.
    (i.entry_kind <> 'from_receipt' OR r.period_end_on >= n.dated_on)
    AND NOT COALESCE(a.is_not_applicable, FALSE) AS is_applicable,
    w.weight_micro,
    a.report_id,
    t.target_version
FROM target AS t
CROSS JOIN moment AS m
JOIN notice AS n ON n.notice_key = t.notice_key
JOIN indicator AS i
    ON i.notice_key = t.notice_key AND i.indicator_no = t.indicator_no
JOIN round AS r
    ON r.notice_key = t.notice_key AND r.round_id = $round_id
JOIN round_weight AS w
    ON w.notice_key = t.notice_key AND w.round_id = r.round_id AND w.indicator_no = t.indicator_no
LEFT JOIN actual_current AS a
    ON a.notice_key = t.notice_key
    AND a.round_id = r.round_id
    AND a.recipient_id = t.recipient_id
    AND a.indicator_no = t.indicator_no
LEFT JOIN clock AS c
    ON c.recipient_id = t.recipient_id
WHERE
    t.notice_key = $notice_key
    AND ($recipient_id = '' OR t.recipient_id = $recipient_id)
    AND t.recipient_id <> 'region'
    -- A change of a target reaches the rounds whose period ends on or after its first day, no earlier one.
    AND (t.target_version = 1 OR t.valid_from_on <= r.period_end_on)
QUALIFY
    ROW_NUMBER() OVER (PARTITION BY t.recipient_id, t.indicator_no, m.valid_from ORDER BY t.target_version DESC) = 1;
