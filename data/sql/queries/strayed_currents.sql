-- query:  strayed_currents
-- asks:   which values that count are not those of the newest version of the report, or are missing there
-- grain:  one row per recipient, round and indicator
-- unit:   none
-- params: none
WITH newest AS (
    SELECT report_id, document_number, round_id, recipient_id
    FROM report
    QUALIFY
        ROW_NUMBER() OVER (PARTITION BY document_number, round_id, recipient_id ORDER BY report_version DESC) = 1
),

due AS (
    SELECT
        n.document_number,
        n.round_id,
        n.recipient_id,
        a.indicator_no,
        n.report_id,
        a.numerator,
        a.denominator,
        a.actual_value,
        a.prior_value,
        a.band,
        a.band_share,
        a.is_not_applicable,
        a.evidence_text
    FROM newest AS n
    JOIN actual AS a ON a.report_id = n.report_id
),

held AS (
    SELECT
        document_number,
        round_id,
        recipient_id,
        indicator_no,
        report_id,
        numerator,
        denominator,
        actual_value,
        prior_value,
        band,
        band_share,
        is_not_applicable,
        evidence_text
    FROM actual_current
)

SELECT DISTINCT
    document_number || '，' || round_id || '，' || recipient_id || '，第 ' || indicator_no || ' 项' AS place_text
FROM (
    (SELECT * FROM held EXCEPT ALL SELECT * FROM due)
    UNION ALL
    (SELECT * FROM due EXCEPT ALL SELECT * FROM held)
)
ORDER BY ALL;
