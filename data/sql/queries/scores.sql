-- query:  scores
-- asks:   how every unit stands on every indicator in a round, as known at a moment
-- grain:  one row per recipient and indicator of the notice
-- unit:   micro-points; actual values as reported
-- params: $notice_key, $round_id, $as_of; reads counting_review (counting_reviews.sql)
SELECT
    s.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    u.display_no,
    s.indicator_no,
    i.short_name,
    i.indicator_name,
    i.dimension,
    i.measure,
    i.line_no,
    i.target_text AS region_target_text,
    t.target_text,
    i.rollup_method,
    i.unit_text,
    i.entry_kind,
    i.numerator_label,
    i.denominator_label,
    t.target_kind,
    s.scored_kind,
    t.kind_reason,
    t.bound,
    t.upper_bound AS upper,
    t.scale,
    t.target_unit,
    s.state,
    s.achieved,
    s.required,
    s.score_micro,
    s.weight_micro,
    s.attainment_micro,
    s.deviation_micro,
    s.gap_points_micro,
    s.allowed_days,
    s.taken_days,
    s.due_on,
    s.done_on,
    s.valid_from,
    s.rule_version,
    s.target_version,
    s.report_id,
    a.numerator,
    a.denominator,
    a.actual_value AS value,
    a.prior_value,
    a.band,
    a.band_share,
    COALESCE(a.evidence_text, '') AS evidence_text,
    COALESCE(a.deviation_reason, '') AS deviation_reason,
    COALESCE(a.improvement_measure, '') AS improvement_measure,
    COALESCE(a.place_text, '') AS place_text,
    a.claimed_micro,
    v.reviewed_micro,
    COALESCE(v.reviewed_micro, s.score_micro) AS final_micro,
    COALESCE(v.review_reason, '') AS review_reason,
    COALESCE(v.reviewed_by, '') AS reviewed_by,
    v.reviewed_at,
    p.file_name,
    p.filled_by,
    p.submitted_at
FROM score AS s
JOIN recipient AS u ON u.recipient_id = s.recipient_id
JOIN indicator AS i
    ON i.notice_key = s.notice_key AND i.indicator_no = s.indicator_no
JOIN target AS t
    ON t.notice_key = s.notice_key
    AND t.indicator_no = s.indicator_no
    AND t.recipient_id = s.recipient_id
    AND t.target_version = s.target_version
LEFT JOIN report AS p ON p.notice_key = s.notice_key AND p.report_id = s.report_id
LEFT JOIN actual AS a ON a.notice_key = s.notice_key AND a.report_id = s.report_id AND a.indicator_no = s.indicator_no
LEFT JOIN counting_review AS v
    ON v.report_id = s.report_id
    AND v.indicator_no = s.indicator_no
    AND v.target_version = s.target_version
    AND v.weight_micro = s.weight_micro
    AND v.reviewed_at <= $as_of
    AND v.replaced_at > $as_of
WHERE
    s.notice_key = $notice_key
    AND s.round_id = $round_id
    AND s.valid_from <= $as_of
    AND s.valid_to > $as_of
ORDER BY u.display_no, s.indicator_no;
