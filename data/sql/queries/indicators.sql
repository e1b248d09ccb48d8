-- query:  indicators
-- asks:   which indicators a notice sets and how each is reported, scored and rolled up
-- grain:  one row per indicator
-- unit:   micro-points
-- params: $document_number
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
    ANY_VALUE(t.target_kind) AS target_kind,
    ANY_VALUE(t.scored_kind) AS scored_kind,
    ANY_VALUE(t.kind_reason) AS kind_reason
FROM indicator AS i
LEFT JOIN target AS t
    ON t.document_number = i.document_number AND t.indicator_no = i.indicator_no
WHERE i.document_number = $document_number
GROUP BY ALL
ORDER BY i.indicator_no;
