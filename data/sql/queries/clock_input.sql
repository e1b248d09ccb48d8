-- query:  clock_input
-- asks:   what is known on a day about each unit's receipt and import of a notice, and about the prefecture's
--         own: it receives the document from above and imports the whole amount
-- grain:  one row per recipient of the notice and one 'region', if the notice sets a working-day limit
-- unit:   元
-- params: $document_number, $as_of
WITH limit_of_notice AS (
    SELECT working_day_count AS allowed_days
    FROM notice_deadline
    WHERE document_number = $document_number AND working_day_count IS NOT NULL
    ORDER BY deadline_no
    LIMIT 1
),

due_money AS (
    SELECT
        recipient_id,
        SUM(after_yuan) AS after_yuan
    FROM allocation_line
    WHERE document_number = $document_number
    GROUP BY recipient_id

    UNION ALL

    SELECT
        'region' AS recipient_id,
        SUM(after_yuan) AS after_yuan
    FROM allocation_line
    WHERE document_number = $document_number
),

-- The newest record of a step counts: recording it again corrects it, and the old record stays.
known AS (
    SELECT
        recipient_id,
        receipt_step,
        CAST(happened_at AS DATE) AS happened_on,
        amount_yuan,
        marker_text
    FROM receipt
    WHERE document_number = $document_number AND recorded_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY recipient_id, receipt_step ORDER BY receipt_no DESC) = 1
)

SELECT
    d.recipient_id,
    l.allowed_days,
    d.after_yuan,
    COALESCE(n.direct_fund_marker, '') AS marker_text,
    received.happened_on AS received_on,
    CASE
        WHEN imported.amount_yuan = d.after_yuan AND imported.marker_text = COALESCE(n.direct_fund_marker, '')
            THEN imported.happened_on
    END AS complete_on,
    imported.happened_on AS imported_on,
    imported.amount_yuan AS imported_yuan,
    imported.marker_text AS imported_marker,
    CAST($as_of AS DATE) AS as_of_on
FROM due_money AS d
CROSS JOIN limit_of_notice AS l
JOIN notice AS n ON n.document_number = $document_number
LEFT JOIN known AS received
    ON received.recipient_id = d.recipient_id
    AND received.receipt_step = 'received'
LEFT JOIN known AS imported
    ON imported.recipient_id = d.recipient_id
    AND imported.receipt_step = 'imported';
