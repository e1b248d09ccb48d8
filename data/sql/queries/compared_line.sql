-- query:  compared_line
-- asks:   which allotments and payments of published notices both systems can be asked about
-- grain:  one row per docked line of a unit and day of which the other system's exports of the same kind tell
-- unit:   元; line_on is the document's day of an allotment and the day of a payment
-- params: none; reads docked_allotment, docked_payment, export_cover
-- rule:   an allotment that was registered after the other system's export is asked about only where that export holds
--         the same key or amount under the same document. Where the exports of one system name no account of a unit
--         at all, its accounts are not compared.
WITH line AS (
    SELECT
        'allotment' AS record_kind, system_name, file_name, export_no, line_no, allotment_key AS line_key,
        document_number, recipient_id, budget_item_code, marker_text, dated_on AS line_on,
        COALESCE(registered_on, dated_on) AS known_on, amount_yuan
    FROM docked_allotment
    WHERE is_of_notice
    UNION ALL
    SELECT
        'payment', system_name, file_name, export_no, line_no, payment_key,
        document_number, recipient_id, budget_item_code, marker_text, paid_on,
        paid_on, amount_yuan
    FROM docked_payment
    WHERE is_of_notice
),

named AS (
    SELECT record_kind, recipient_id, COUNT(DISTINCT system_name) = 2 AS has_account
    FROM line
    WHERE budget_item_code <> ''
    GROUP BY record_kind, recipient_id
)

SELECT
    l.record_kind,
    l.system_name,
    l.file_name,
    l.export_no,
    l.line_no,
    l.line_key,
    l.document_number,
    l.recipient_id,
    CASE WHEN n.has_account THEN l.budget_item_code ELSE '' END AS budget_item_code,
    l.marker_text,
    l.line_on,
    -- A day that is not told must group like any other.
    COALESCE(l.line_on, CAST('1900-01-01' AS DATE)) AS matched_on,
    l.amount_yuan
FROM line AS l
JOIN export_cover AS o
    ON o.system_name <> l.system_name AND o.record_kind = l.record_kind AND o.recipient_id = l.recipient_id
LEFT JOIN named AS n ON n.record_kind = l.record_kind AND n.recipient_id = l.recipient_id
WHERE
    COALESCE(l.known_on, o.until_on) BETWEEN o.from_on AND o.until_on
    OR (
        l.record_kind = 'allotment'
        AND EXISTS (
            SELECT 1
            FROM docked_allotment AS h
            WHERE
                h.system_name <> l.system_name
                AND h.document_number = l.document_number
                AND h.recipient_id = l.recipient_id
                AND (h.amount_yuan = l.amount_yuan OR (h.allotment_key = l.line_key AND l.line_key <> ''))
        )
    );
