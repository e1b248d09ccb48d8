-- query:  score_evidence
-- asks:   from which recorded facts each kept score was made, so that anybody can make it again
-- grain:  one row per kept score (recipient, indicator, round and the moment from which it held)
-- unit:   as score_input
-- params: $notice_key, $round_id
SELECT
    s.document_number,
    s.recipient_id,
    s.indicator_no,
    s.round_id,
    s.valid_from,
    s.valid_to,
    s.rule_version,
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
    s.allowed_days,
    s.taken_days,
    s.due_on,
    s.done_on,
    CAST(s.valid_from AS DATE) AS as_of_on,
    i.entry_kind = 'from_receipt' OR s.report_id IS NOT NULL AS is_reported,
    (i.entry_kind <> 'from_receipt' OR r.period_end_on >= n.dated_on)
    AND NOT COALESCE(a.is_not_applicable, FALSE) AS is_applicable,
    s.weight_micro,
    s.report_id,
    s.target_version,
    t.target_text,
    i.indicator_name,
    i.unit_text,
    u.recipient_name,
    p.file_name,
    p.file_sha256,
    a.place_text,
    p.submitted_at,
    p.submitted_by
FROM score AS s
JOIN recipient AS u ON u.recipient_id = s.recipient_id
JOIN notice AS n ON n.notice_key = s.notice_key
JOIN round AS r ON r.notice_key = s.notice_key AND r.round_id = s.round_id
JOIN indicator AS i ON i.notice_key = s.notice_key AND i.indicator_no = s.indicator_no
JOIN target AS t
    ON t.notice_key = s.notice_key
    AND t.indicator_no = s.indicator_no
    AND t.recipient_id = s.recipient_id
    AND t.target_version = s.target_version
LEFT JOIN report AS p ON p.notice_key = s.notice_key AND p.report_id = s.report_id
LEFT JOIN actual AS a ON a.notice_key = s.notice_key AND a.report_id = s.report_id AND a.indicator_no = s.indicator_no
WHERE
    s.notice_key = $notice_key
    AND s.round_id = $round_id;
