-- query:  reported_values
-- asks:   what one version of a report says, value by value
-- grain:  one row per value that was filled in; one row without an indicator where there is none
-- unit:   as reported; 元
-- params: $report_id
SELECT
    r.report_id,
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
FROM report AS r
LEFT JOIN actual AS a ON a.notice_key = r.notice_key AND a.report_id = r.report_id
WHERE r.notice_key = notice_key($report_id) AND r.report_id = $report_id
ORDER BY a.indicator_no;
