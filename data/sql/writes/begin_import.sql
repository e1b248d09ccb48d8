-- write:  begin_import
-- does:   starts a work table with the rows of an import beside what the unit's newest report says
-- grain:  one row per row of import_entry (document number, round, unit, indicator; 0 is the money)
-- unit:   as reported; 元; outcomes are new, changed, withdrawn, unchanged
-- params: none; reads import_entry, whose numbers are written out as text
CREATE OR REPLACE TEMP TABLE import_value AS
WITH newest AS (
    SELECT *
    FROM report
    QUALIFY ROW_NUMBER() OVER (PARTITION BY document_number, round_id, recipient_id ORDER BY report_version DESC) = 1
),

held AS (
    SELECT
        n.document_number,
        n.round_id,
        n.recipient_id,
        a.indicator_no,
        CAST(NULL AS DECIMAL(18, 2)) AS paid_yuan,
        ROW(
            a.numerator, a.denominator, a.actual_value, a.prior_value, a.band, a.band_share, a.is_not_applicable,
            a.evidence_text, a.deviation_reason, a.improvement_measure, a.claimed_micro
        ) AS said
    FROM newest AS n
    JOIN actual AS a ON a.report_id = n.report_id
),

typed AS (
    SELECT
        * REPLACE (
            CAST(numerator AS DECIMAL(18, 4)) AS numerator,
            CAST(denominator AS DECIMAL(18, 4)) AS denominator,
            CAST(actual_value AS DECIMAL(18, 4)) AS actual_value,
            CAST(prior_value AS DECIMAL(18, 4)) AS prior_value,
            CAST(band_share AS DECIMAL(7, 4)) AS band_share,
            CAST(paid_yuan AS DECIMAL(18, 2)) AS paid_yuan
        )
    FROM import_entry
)

SELECT
    t.*,
    n.report_id AS previous_report_id,
    n.report_version AS previous_version,
    CASE
        WHEN t.indicator_no = 0 AND t.paid_yuan IS NOT DISTINCT FROM n.paid_yuan THEN 'unchanged'
        WHEN t.indicator_no = 0 AND n.paid_yuan IS NULL THEN 'new'
        WHEN t.indicator_no = 0 AND t.paid_yuan IS NULL THEN 'withdrawn'
        WHEN t.indicator_no = 0 THEN 'changed'
        WHEN NOT t.is_kept AND h.indicator_no IS NULL THEN 'unchanged'
        WHEN h.indicator_no IS NULL THEN 'new'
        WHEN NOT t.is_kept THEN 'withdrawn'
        WHEN h.said IS NOT DISTINCT FROM ROW(
            t.numerator, t.denominator, t.actual_value, t.prior_value, t.band, t.band_share, t.is_not_applicable,
            t.evidence_text, t.deviation_reason, t.improvement_measure, t.claimed_micro
        ) THEN 'unchanged'
        ELSE 'changed'
    END AS row_outcome
FROM typed AS t
LEFT JOIN newest AS n
    ON n.document_number = t.document_number AND n.round_id = t.round_id AND n.recipient_id = t.recipient_id
LEFT JOIN held AS h
    ON h.document_number = t.document_number AND h.round_id = t.round_id AND h.recipient_id = t.recipient_id
    AND h.indicator_no = t.indicator_no;
