-- query:  inquiry_dismissals
-- asks:   what rules proposed and persons turned down, as known at a moment
-- grain:  one row per dismissal, the newest first
-- unit:   none
-- params: $document_number (one notice; empty for all), $as_of
SELECT
    d.dismissal_no,
    d.document_number,
    d.round_id,
    d.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    d.indicator_no,
    COALESCE(i.short_name, '') AS indicator_short_name,
    d.rule_key,
    d.facts_key,
    d.fact_text,
    d.dismissal_reason,
    d.dismissed_at,
    d.dismissed_by
FROM inquiry_dismissal AS d
JOIN recipient AS u ON u.recipient_id = d.recipient_id
LEFT JOIN indicator AS i ON i.document_number = d.document_number AND i.indicator_no = d.indicator_no
WHERE $document_number IN ('', d.document_number) AND d.dismissed_at <= $as_of
ORDER BY d.dismissal_no DESC;
