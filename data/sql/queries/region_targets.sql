-- query:  region_targets
-- asks:   which target the prefecture as a whole has for each indicator of a round
-- grain:  one row per indicator of the notice, with the version that holds for the round
-- unit:   micro-points
-- params: $notice_key, $round_id, $as_of
SELECT
    i.indicator_no,
    i.indicator_name,
    i.short_name,
    i.dimension,
    i.measure,
    i.entry_kind,
    i.unit_text,
    i.numerator_label,
    i.denominator_label,
    i.rollup_method,
    i.line_no,
    t.target_text,
    t.target_unit,
    t.kind_reason,
    t.target_version
FROM indicator AS i
JOIN round AS r ON r.notice_key = i.notice_key AND r.round_id = $round_id
JOIN target AS t
    ON t.notice_key = i.notice_key AND t.indicator_no = i.indicator_no AND t.recipient_id = 'region'
WHERE
    i.notice_key = $notice_key
    AND (t.target_version = 1 OR t.valid_from_on <= r.period_end_on AND t.changed_at <= $as_of)
QUALIFY ROW_NUMBER() OVER (PARTITION BY i.indicator_no ORDER BY t.target_version DESC) = 1
ORDER BY i.indicator_no;
