-- query:  loose_payout
-- asks:   which payouts one system has and the other has not just so
-- grain:  one row per payout beyond those that both systems have with the same account, marker, person, day and amount
-- unit:   元; paid_on is empty and person_hash zero where they are not told or not compared
-- params: none; reads comparable_payout, uneven_payout
WITH line AS (
    SELECT
        p.system_name,
        p.file_name,
        p.export_no,
        p.line_no,
        p.document_number,
        p.recipient_id,
        CASE WHEN e.has_account THEN p.budget_item_code ELSE '' END AS budget_item_code,
        p.marker_text,
        p.pay_month,
        p.aid_kind,
        COALESCE(
            CASE WHEN e.has_person THEN p.person_hash END, CAST('00000000-0000-0000-0000-000000000000' AS UUID)
        ) AS person_hash,
        CASE WHEN e.has_day THEN p.paid_on END AS paid_on,
        p.amount_yuan
    FROM comparable_payout AS p
    JOIN uneven_payout AS e
        ON e.document_number = p.document_number
        AND e.recipient_id = p.recipient_id
        AND e.pay_month = p.pay_month
        AND e.aid_kind = p.aid_kind
),

uneven AS (
    SELECT
        document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind, person_hash, paid_on,
        amount_yuan,
        LEAST(
            COUNT(*) FILTER (WHERE system_name = 'integrated'), COUNT(*) FILTER (WHERE system_name = 'monitoring')
        ) AS even_count
    FROM line
    GROUP BY
        document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind, person_hash, paid_on,
        amount_yuan
    HAVING SUM(CASE WHEN system_name = 'integrated' THEN 1 ELSE -1 END) <> 0
)

SELECT l.*
FROM line AS l
JOIN uneven AS u
    ON u.document_number = l.document_number
    AND u.recipient_id = l.recipient_id
    AND u.budget_item_code = l.budget_item_code
    AND u.marker_text = l.marker_text
    AND u.pay_month = l.pay_month
    AND u.aid_kind = l.aid_kind
    AND u.person_hash = l.person_hash
    AND u.paid_on IS NOT DISTINCT FROM l.paid_on
    AND u.amount_yuan = l.amount_yuan
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY
            l.system_name, l.document_number, l.recipient_id, l.budget_item_code, l.marker_text, l.pay_month,
            l.aid_kind, l.person_hash, l.paid_on, l.amount_yuan
        ORDER BY l.export_no, l.line_no
    ) > u.even_count;
