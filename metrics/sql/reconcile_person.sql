-- query:  reconcile_person
-- asks:   which payouts differ between the two systems, in what, and which are told together
-- grain:  one row per payout that differs; part_no is the same for those of one difference
-- unit:   元
-- params: none; reads loose_payout
-- rule:   a person's payouts of a month and kind of aid differ in their sum, else in the marker, the account or the
--         day; in one system only they are missing or extra. As much in all, booked in other parts, is no difference.
--         Too much and too little are told apart, so that they do not cancel out. Payouts that name no person are
--         looked at together.
WITH person AS (
    SELECT
        document_number, recipient_id, pay_month, aid_kind, person_hash,
        COUNT(*) AS line_count,
        COUNT(paid_on) AS day_count,
        SUM(CASE WHEN system_name = 'integrated' THEN 1 ELSE 0 END) AS left_count,
        SUM(CASE WHEN system_name = 'monitoring' THEN 1 ELSE 0 END) AS right_count,
        SUM(CASE WHEN system_name = 'integrated' THEN amount_yuan ELSE 0 END) AS left_yuan,
        SUM(CASE WHEN system_name = 'monitoring' THEN amount_yuan ELSE 0 END) AS right_yuan,
        MIN(CASE WHEN system_name = 'integrated' THEN budget_item_code END) AS left_item_code,
        MAX(CASE WHEN system_name = 'integrated' THEN budget_item_code END) AS left_last_code,
        MIN(CASE WHEN system_name = 'monitoring' THEN budget_item_code END) AS right_item_code,
        MAX(CASE WHEN system_name = 'monitoring' THEN budget_item_code END) AS right_last_code,
        MIN(CASE WHEN system_name = 'integrated' THEN marker_text END) AS left_marker_text,
        MAX(CASE WHEN system_name = 'integrated' THEN marker_text END) AS left_last_text,
        MIN(CASE WHEN system_name = 'monitoring' THEN marker_text END) AS right_marker_text,
        MAX(CASE WHEN system_name = 'monitoring' THEN marker_text END) AS right_last_text,
        MIN(CASE WHEN system_name = 'integrated' THEN paid_on END) AS left_from_on,
        MAX(CASE WHEN system_name = 'integrated' THEN paid_on END) AS left_to_on,
        MIN(CASE WHEN system_name = 'monitoring' THEN paid_on END) AS right_from_on,
        MAX(CASE WHEN system_name = 'monitoring' THEN paid_on END) AS right_to_on
    FROM loose_payout
    GROUP BY document_number, recipient_id, pay_month, aid_kind, person_hash
),

judged AS (
    SELECT
        person.*,
        CASE
            WHEN right_count = 0 THEN 'missing'
            WHEN left_count = 0 THEN 'extra'
            WHEN left_yuan <> right_yuan THEN 'amount'
            WHEN left_marker_text <> right_marker_text OR left_last_text <> right_last_text THEN 'marker'
            WHEN left_item_code <> right_item_code OR left_last_code <> right_last_code THEN 'account'
            WHEN left_from_on <> right_from_on OR left_to_on <> right_to_on THEN 'date'
            WHEN left_count = right_count AND line_count = day_count THEN 'date'
        END AS difference_kind,
        CASE WHEN left_yuan > right_yuan THEN 'less' ELSE 'more' END AS direction
    FROM person
),

keyed AS (
    SELECT
        judged.*,
        CONCAT_WS(
            '|', document_number, recipient_id, CAST(pay_month AS VARCHAR(10)), aid_kind, difference_kind, direction,
            COALESCE(left_item_code, ''), COALESCE(left_marker_text, ''),
            COALESCE(right_item_code, ''), COALESCE(right_marker_text, '')
        ) AS part_no
    FROM judged
    WHERE difference_kind IS NOT NULL
)

SELECT
    k.part_no,
    k.difference_kind,
    l.document_number,
    l.recipient_id,
    l.pay_month,
    l.aid_kind,
    COALESCE(k.left_item_code, k.right_item_code) AS budget_item_code,
    COALESCE(k.left_marker_text, k.right_marker_text) AS marker_text,
    COALESCE(k.right_item_code, k.left_item_code) AS right_item_code,
    COALESCE(k.right_marker_text, k.left_marker_text) AS right_marker_text,
    l.system_name,
    l.file_name,
    l.line_no,
    l.paid_on,
    l.amount_yuan
FROM keyed AS k
JOIN loose_payout AS l
    ON l.document_number = k.document_number
    AND l.recipient_id = k.recipient_id
    AND l.pay_month = k.pay_month
    AND l.aid_kind = k.aid_kind
    AND l.person_hash = k.person_hash;
