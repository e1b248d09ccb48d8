-- query:  indicators
-- asks:   which indicators a notice sets and how each is reported, scored and rolled up
-- grain:  one row per indicator
-- unit:   micro-points
-- params: $notice_key
SELECT
    i.indicator_no,
    i.line_no,
    i.dimension,
    i.measure,
    i.indicator_name,
    i.printed_name,
    i.short_name,
    i.target_text,
    i.entry_kind,
    i.unit_text,
    i.rollup_method,
    i.weight_micro,
    i.is_default_weight,
    t.target_kind,
    t.scored_kind,
    t.kind_reason
FROM indicator AS i
LEFT JOIN target AS t
    ON t.notice_key = i.notice_key AND t.indicator_no = i.indicator_no AND t.recipient_id = 'region'
WHERE i.notice_key = $notice_key
QUALIFY ROW_NUMBER() OVER (PARTITION BY i.indicator_no ORDER BY t.target_version DESC) = 1
ORDER BY i.indicator_no;
