-- query:  compared_payout
-- asks:   what each system says was paid out under a notice, by month and kind of aid
-- grain:  one row per system, document, recipient, account, marker, month and kind of aid, of units of which the
--         other system has an export of payouts; only payouts that succeeded
-- unit:   元; head_count is payouts
-- params: none; reads docked_payout, export_cover
-- rule:   where the exports of one system name no account at all, accounts are not compared
WITH added AS (
    SELECT
        system_name, document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind,
        SUM(amount_yuan) AS amount_yuan,
        COUNT(*) AS head_count,
        MIN(file_name) AS file_name,
        MIN(line_no) AS line_no
    FROM docked_payout
    WHERE is_of_notice AND payout_state = 'paid'
    GROUP BY system_name, document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind
),

named AS (
    SELECT COUNT(DISTINCT system_name) = 2 AS has_account
    FROM added
    WHERE budget_item_code <> ''
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
    '《' || MIN(a.file_name) || '》第 ' || MIN(a.line_no) || ' 行'
    || CASE WHEN SUM(a.head_count) > 1 THEN '等 ' || SUM(a.head_count) || ' 行' ELSE '' END AS place_text
FROM added AS a
CROSS JOIN named AS n
JOIN export_cover AS o
    ON o.system_name <> a.system_name AND o.record_kind = 'payout' AND o.recipient_id = a.recipient_id
GROUP BY
    a.system_name, a.document_number, a.recipient_id, a.marker_text, a.pay_month, a.aid_kind,
    CASE WHEN n.has_account THEN a.budget_item_code ELSE '' END;
