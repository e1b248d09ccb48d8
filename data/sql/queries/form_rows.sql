-- query:  form_rows
-- asks:   which rows one unit's form has, with what it reported in the round before
-- grain:  one row per indicator
-- unit:   as reported
-- params: $document_number, $round_id, $recipient_id
WITH earlier AS (
    SELECT
        a.indicator_no,
        a.numerator,
        a.denominator,
        a.actual_value,
        a.prior_value,
        a.band,
        a.band_share
    FROM actual_current AS a
    JOIN round AS r ON r.document_number = a.document_number AND r.round_id = a.round_id
    JOIN round AS this ON this.document_number = a.document_number AND this.round_id = $round_id
    WHERE
        a.document_number = $document_number
        AND a.recipient_id = $recipient_id
        AND r.period_end_on < this.period_end_on
    QUALIFY ROW_NUMBER() OVER (PARTITION BY a.indicator_no ORDER BY r.period_end_on DESC) = 1
)

SELECT
    i.indicator_no,
    i.dimension,
    i.measure,
    i.indicator_name,
    i.short_name,
    i.target_text,
    i.unit_text,
    i.entry_kind,
    i.numerator_label,
    i.denominator_label,
    e.numerator,
    e.denominator,
    e.actual_value,
    e.prior_value,
    e.band,
    e.band_share
FROM indicator AS i
LEFT JOIN earlier AS e ON e.indicator_no = i.indicator_no
WHERE i.document_number = $document_number
ORDER BY i.indicator_no;
