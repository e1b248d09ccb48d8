-- query:  money_unit_row
-- asks:   which docked rows each unit's figures come from; payouts by month, kind of aid and state, never by person
-- grain:  one row per registered row, per payment, and per month, kind of aid and state of payouts
-- unit:   元
-- params: none; reads money_step, money_allotment, money_payment, docked_payout, money_docked, asked
WITH listed AS (
    SELECT
        recipient_id,
        'allotment' AS record_kind,
        counted_on AS happened_on,
        document_number,
        budget_item_code,
        marker_text,
        amount_yuan,
        1 AS found_count,
        CAST(fiscal_year AS STRING) AS what_text,
        line_no,
        '《' || file_name || '》第 ' || CAST(line_no AS STRING) || ' 行' AS place_text
    FROM money_allotment
    UNION ALL
    SELECT
        recipient_id,
        'payment' AS record_kind,
        paid_on AS happened_on,
        document_number,
        budget_item_code,
        marker_text,
        amount_yuan,
        1 AS found_count,
        CASE WHEN payee_text = '' THEN payee_kind ELSE payee_text END AS what_text,
        line_no,
        '《' || file_name || '》第 ' || CAST(line_no AS STRING) || ' 行' AS place_text
    FROM money_payment
    UNION ALL
    SELECT
        r.recipient_id,
        'payout' AS record_kind,
        r.pay_month AS happened_on,
        r.document_number,
        r.budget_item_code,
        r.marker_text,
        SUM(r.amount_yuan) AS amount_yuan,
        COUNT(*) AS found_count,
        r.aid_kind || ' ' || r.payout_state AS what_text,
        MIN(r.line_no) AS line_no,
        '《' || MIN(r.file_name) || '》' AS place_text
    FROM docked_payout AS r
    JOIN money_docked AS d
        ON d.recipient_id = r.recipient_id AND d.record_kind = 'payout' AND d.system_name = r.system_name
    CROSS JOIN asked AS a
    WHERE r.is_of_notice AND COALESCE(r.paid_on, a.as_of_on) <= a.as_of_on
    GROUP BY
        r.recipient_id, r.pay_month, r.document_number, r.budget_item_code, r.marker_text, r.aid_kind, r.payout_state
)

SELECT
    l.*,
    m.recipient_name
FROM listed AS l
JOIN money_step AS m ON m.recipient_id = l.recipient_id
ORDER BY l.happened_on DESC, l.record_kind, l.line_no, l.place_text;
