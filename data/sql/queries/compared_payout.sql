-- query:  compared_payout
-- asks:   what each system says was paid out under a notice, by month and kind of aid
-- grain:  one row per system, document, recipient, account, marker, month and kind of aid; only payouts that
--         succeeded, of units and days of which the other system's exports of payouts tell
-- unit:   元; head_count is payouts
-- params: none; reads docked_payout, export_cover
-- rule:   where the exports of one system name no account of a unit at all, its accounts are not compared
WITH added AS (
    SELECT
        p.system_name, p.document_number, p.recipient_id, p.budget_item_code, p.marker_text, p.pay_month, p.aid_kind,
        SUM(p.amount_yuan) AS amount_yuan,
        COUNT(*) AS head_count,
        p.export_no,
        p.file_name,
        MIN(p.line_no) AS line_no
    FROM docked_payout AS p
    JOIN export_cover AS o
        ON o.system_name <> p.system_name
        AND o.record_kind = 'payout'
        AND o.recipient_id = p.recipient_id
        -- The day by which the loader tells whether a payout belongs to an export's period.
        AND COALESCE(p.paid_on, p.pay_month) BETWEEN o.from_on AND o.until_on
    WHERE p.is_of_notice AND p.payout_state = 'paid'
    GROUP BY
        p.system_name, p.document_number, p.recipient_id, p.budget_item_code, p.marker_text, p.pay_month, p.aid_kind,
        p.export_no, p.file_name
),

named AS (
    SELECT recipient_id, COUNT(DISTINCT system_name) = 2 AS has_account
    FROM added
    WHERE budget_item_code <> ''
    GROUP BY recipient_id
)

SELECT
    a.system_name,
    a.document_number,
    a.recipient_id,
    CASE WHEN n.has_account THEN a.budget_item_code ELSE '' END AS budget_item_code,
    a.marker_text,
    a.pay_month,
    a.aid_kind,
    SUM(a.amount_yuan) AS amount_yuan,
    SUM(a.head_count) AS head_count,
    MIN_BY('《' || a.file_name || '》第 ' || a.line_no || ' 行', (a.export_no, a.line_no))
    || CASE WHEN SUM(a.head_count) > 1 THEN '等 ' || SUM(a.head_count) || ' 行' ELSE '' END AS place_text
FROM added AS a
LEFT JOIN named AS n ON n.recipient_id = a.recipient_id
GROUP BY
    a.system_name, a.document_number, a.recipient_id, a.marker_text, a.pay_month, a.aid_kind,
    CASE WHEN n.has_account THEN a.budget_item_code ELSE '' END;
