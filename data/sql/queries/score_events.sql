-- query:  score_events
-- asks:   when a score began to hold or was reviewed, in every round of a notice, up to a moment
-- grain:  one row per kept score and one per review of it
-- unit:   micro-points; reviewed points take the place of the rule's
-- params: $notice_key, $as_of; reads counting_review (counting_reviews.sql)
WITH span AS (
    SELECT
        s.*,
        v.reviewed_micro
    FROM score AS s
    LEFT JOIN counting_review AS v
        ON v.report_id = s.report_id
        AND v.indicator_no = s.indicator_no
        AND v.target_version = s.target_version
        AND v.weight_micro = s.weight_micro
        AND v.reviewed_at <= s.valid_from
        AND v.replaced_at > s.valid_from
    WHERE s.notice_key = $notice_key AND s.valid_from <= $as_of
),

event AS (
    SELECT
        round_id, recipient_id, indicator_no, valid_from AS happened_at, 0 AS review_no, state,
        COALESCE(reviewed_micro, score_micro) AS score_micro, weight_micro, report_id, target_version, rule_version,
        due_on, done_on, '' AS review_reason
    FROM span
    UNION ALL
    SELECT
        s.round_id, s.recipient_id, s.indicator_no, v.reviewed_at AS happened_at, v.review_no, s.state,
        v.reviewed_micro AS score_micro, s.weight_micro, s.report_id, s.target_version, s.rule_version,
        s.due_on, s.done_on, v.review_reason
    FROM counting_review AS v
    JOIN span AS s
        ON s.notice_key = $notice_key
        AND s.report_id = v.report_id
        AND s.indicator_no = v.indicator_no
        AND s.target_version = v.target_version
        AND s.weight_micro = v.weight_micro
        AND s.valid_from <= v.reviewed_at
        AND s.valid_to > v.reviewed_at
    WHERE v.reviewed_at <= $as_of
)

SELECT
    e.*,
    r.round_name,
    r.period_end_on,
    u.recipient_name,
    u.display_no,
    i.short_name,
    i.entry_kind,
    p.report_version,
    COALESCE(p.submitted_by, '') AS submitted_by,
    -- Two reports of the same figures differ in nothing.
    CASE
        WHEN a.report_id IS NOT NULL
            THEN CONCAT_WS(
                '|',
                COALESCE(CAST(a.numerator AS TEXT), ''),
                COALESCE(CAST(a.denominator AS TEXT), ''),
                COALESCE(CAST(a.actual_value AS TEXT), ''),
                COALESCE(CAST(a.prior_value AS TEXT), ''),
                COALESCE(CAST(a.band AS TEXT), ''),
                COALESCE(CAST(a.band_share AS TEXT), ''),
                a.is_not_applicable,
                COALESCE(a.evidence_text, '') <> ''
            )
    END AS reported_key
FROM event AS e
JOIN round AS r ON r.notice_key = $notice_key AND r.round_id = e.round_id
JOIN recipient AS u ON u.recipient_id = e.recipient_id
JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = e.indicator_no
LEFT JOIN report AS p ON p.notice_key = $notice_key AND p.report_id = e.report_id
LEFT JOIN actual AS a
    ON a.notice_key = $notice_key
    AND a.report_id = e.report_id
    AND a.indicator_no = e.indicator_no;
