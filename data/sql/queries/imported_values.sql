-- query:  imported_values
-- asks:   what the versions of one import say, value by value
-- grain:  one row per value that was filled in; one row without an indicator for a version without any
-- unit:   as reported; 元
-- params: $first_event_no, $last_event_no
SELECT
    r.report_id,
    r.report_version,
    r.file_sha256,
    r.paid_yuan,
    a.indicator_no,
    a.numerator,
    a.denominator,
    a.actual_value,
    a.prior_value,
    a.band,
    a.band_share,
    a.is_not_applicable,
    a.evidence_text,
    a.deviation_reason,
    a.improvement_measure,
    a.place_text,
    a.claimed_micro
FROM report_event AS e
JOIN report AS r ON r.notice_key = e.notice_key AND r.report_id = e.report_id
LEFT JOIN actual AS a ON a.notice_key = r.notice_key AND a.report_id = r.report_id
WHERE e.event_no BETWEEN $first_event_no AND $last_event_no
ORDER BY e.event_no, a.indicator_no;
