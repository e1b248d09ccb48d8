-- query:  value_history
-- asks:   which reported value of one unit and round changed from version to version: who, when, from what to what, why
-- grain:  one row per value that a version states otherwise than the version before
-- unit:   as reported, as text; indicator_no 0 stands for the money, in 元; points in micro-points
-- params: $notice_key, $round_id, $recipient_id, $as_of
WITH version AS (
    SELECT
        report_id,
        report_version,
        paid_yuan,
        submitted_at,
        submitted_by
    FROM report
    WHERE
        notice_key = $notice_key
        AND round_id = $round_id
        AND recipient_id = $recipient_id
        AND submitted_at <= $as_of
),

-- Why the next version was asked for: the last return or reopening of this one.
asked AS (
    SELECT
        e.report_id,
        e.event_reason,
        e.done_by
    FROM report_event AS e
    JOIN version AS v ON v.report_id = e.report_id
    WHERE
        e.notice_key = $notice_key
        AND e.report_state IN ('returned', 'reopened')
        AND e.happened_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY e.report_id ORDER BY e.event_no DESC) = 1
),

reported AS (
    SELECT v.report_version, a.*
    FROM actual AS a
    JOIN version AS v ON v.report_id = a.report_id
    WHERE a.notice_key = $notice_key
),

stated AS (
    SELECT report_version, 0 AS indicator_no, 'paid' AS field_name, CAST(paid_yuan AS TEXT) AS value_text, '' AS reason
    FROM version
    UNION ALL
    SELECT report_version, indicator_no, 'numerator', CAST(numerator AS TEXT), deviation_reason FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'denominator', CAST(denominator AS TEXT), deviation_reason FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'value', CAST(actual_value AS TEXT), deviation_reason FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'prior_value', CAST(prior_value AS TEXT), deviation_reason FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'band', CAST(band AS TEXT), deviation_reason FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'band_share', CAST(band_share AS TEXT), deviation_reason FROM reported
    UNION ALL
    SELECT
        report_version, indicator_no, 'not_applicable', CASE WHEN is_not_applicable THEN '1' END, deviation_reason
    FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'evidence_text', NULLIF(evidence_text, ''), deviation_reason FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'deviation_reason', NULLIF(deviation_reason, ''), deviation_reason
    FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'improvement_measure', NULLIF(improvement_measure, ''), deviation_reason
    FROM reported
    UNION ALL
    SELECT report_version, indicator_no, 'claimed_points', CAST(claimed_micro AS TEXT), deviation_reason FROM reported
),

-- Every version beside every value that any version states: what a version leaves out is seen as withdrawn.
whole AS (
    SELECT
        v.report_id,
        v.report_version,
        v.submitted_at,
        v.submitted_by,
        k.indicator_no,
        k.field_name,
        s.value_text,
        COALESCE(s.reason, '') AS reason,
        LAG(s.value_text) OVER (PARTITION BY k.indicator_no, k.field_name ORDER BY v.report_version) AS old_text,
        LAG(v.report_id) OVER (PARTITION BY k.indicator_no, k.field_name ORDER BY v.report_version) AS old_report_id
    FROM version AS v
    CROSS JOIN (SELECT DISTINCT indicator_no, field_name FROM stated WHERE value_text IS NOT NULL) AS k
    LEFT JOIN stated AS s
        ON s.report_version = v.report_version
        AND s.indicator_no = k.indicator_no
        AND s.field_name = k.field_name
)

SELECT
    w.report_version,
    w.submitted_at,
    w.submitted_by,
    w.indicator_no,
    i.short_name,
    w.field_name,
    w.old_text,
    w.value_text AS new_text,
    COALESCE(a.event_reason, '') AS event_reason,
    w.reason AS deviation_reason
FROM whole AS w
LEFT JOIN asked AS a ON a.report_id = w.old_report_id
LEFT JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = w.indicator_no
WHERE w.old_report_id IS NOT NULL AND w.old_text IS DISTINCT FROM w.value_text
ORDER BY w.report_version DESC, w.indicator_no, w.field_name;
