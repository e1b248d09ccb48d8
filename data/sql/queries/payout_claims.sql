-- query:  payout_claims
-- asks:   what the newest report of each unit says of each indicator, and of the money paid, with the unit's own words
-- grain:  one row per recipient of the notice and indicator; indicator_no 0 is the money paid
-- unit:   as reported; the money paid in 元; report_id is NULL where the unit has not reported
-- params: $notice_key, $round_id, $as_of
WITH unit AS (
    SELECT
        l.recipient_id,
        u.recipient_name,
        u.short_name AS recipient_short_name,
        u.display_no
    FROM allocation_line AS l
    JOIN recipient AS u ON u.recipient_id = l.recipient_id
    WHERE l.notice_key = $notice_key
    GROUP BY l.recipient_id, u.recipient_name, u.short_name, u.display_no
),

newest_report AS (
    SELECT
        report_id,
        recipient_id,
        report_version,
        paid_yuan
    FROM report
    WHERE notice_key = $notice_key AND round_id = $round_id AND submitted_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY recipient_id ORDER BY report_version DESC) = 1
)

SELECT
    u.*,
    i.indicator_no,
    i.indicator_name,
    i.short_name,
    i.unit_text,
    r.report_id,
    r.report_version,
    a.numerator,
    a.denominator,
    a.actual_value AS value,
    COALESCE(a.is_not_applicable, FALSE) AS is_not_applicable,
    COALESCE(a.deviation_reason, '') AS deviation_reason
FROM unit AS u
JOIN indicator AS i ON i.notice_key = $notice_key
LEFT JOIN newest_report AS r ON r.recipient_id = u.recipient_id
LEFT JOIN actual AS a
    ON a.notice_key = $notice_key
    AND a.report_id = r.report_id
    AND a.indicator_no = i.indicator_no
UNION ALL BY NAME
SELECT
    u.*,
    0 AS indicator_no,
    '累计支付' AS indicator_name,
    '累计支付' AS short_name,
    '元' AS unit_text,
    r.report_id,
    r.report_version,
    CAST(NULL AS DECIMAL(18, 4)) AS numerator,
    CAST(NULL AS DECIMAL(18, 4)) AS denominator,
    r.paid_yuan AS value,
    FALSE AS is_not_applicable,
    '' AS deviation_reason
FROM unit AS u
LEFT JOIN newest_report AS r ON r.recipient_id = u.recipient_id
ORDER BY display_no, indicator_no;
