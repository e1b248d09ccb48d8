-- query:  reconcile_payout
-- asks:   in what the two systems' payouts differ, by month and kind of aid
-- grain:  one row per difference
-- unit:   元; counts are payouts
-- params: none; reads compared_payout
-- rule:   sums and counts are compared. What one system lacks under one account and marker and has too much under
--         another is the same money, where both the sum and the count agree: another marker, else another account.
WITH beside AS (
    SELECT
        document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind,
        SUM(CASE WHEN system_name = 'integrated' THEN amount_yuan END) AS left_yuan,
        SUM(CASE WHEN system_name = 'monitoring' THEN amount_yuan END) AS right_yuan,
        SUM(CASE WHEN system_name = 'integrated' THEN head_count END) AS left_count,
        SUM(CASE WHEN system_name = 'monitoring' THEN head_count END) AS right_count,
        MAX(CASE WHEN system_name = 'integrated' THEN place_text ELSE '' END) AS left_place_text,
        MAX(CASE WHEN system_name = 'monitoring' THEN place_text ELSE '' END) AS right_place_text
    FROM compared_payout
    GROUP BY document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind
),

uneven AS (
    SELECT
        beside.*,
        COALESCE(left_yuan, 0) - COALESCE(right_yuan, 0) AS short_yuan,
        COALESCE(left_count, 0) - COALESCE(right_count, 0) AS short_count,
        ROW_NUMBER() OVER (
            ORDER BY document_number, recipient_id, pay_month, aid_kind, budget_item_code, marker_text
        ) AS group_no
    FROM beside
    WHERE
        COALESCE(left_yuan, 0) <> COALESCE(right_yuan, 0) OR COALESCE(left_count, 0) <> COALESCE(right_count, 0)
),

candidate AS (
    SELECT
        s.group_no AS left_no,
        o.group_no AS right_no,
        ROW_NUMBER() OVER (
            PARTITION BY s.group_no
            ORDER BY
                CASE WHEN o.budget_item_code = s.budget_item_code THEN 0 ELSE 1 END,
                CASE WHEN o.marker_text = s.marker_text THEN 0 ELSE 1 END,
                o.group_no
        ) AS left_rank,
        ROW_NUMBER() OVER (
            PARTITION BY o.group_no
            ORDER BY
                CASE WHEN o.budget_item_code = s.budget_item_code THEN 0 ELSE 1 END,
                CASE WHEN o.marker_text = s.marker_text THEN 0 ELSE 1 END,
                s.group_no
        ) AS right_rank
    FROM uneven AS s
    JOIN uneven AS o
        ON o.document_number = s.document_number
        AND o.recipient_id = s.recipient_id
        AND o.pay_month = s.pay_month
        AND o.aid_kind = s.aid_kind
        AND o.short_yuan = -s.short_yuan
        AND o.short_count = -s.short_count
    WHERE s.short_yuan > 0
),

moved AS (
    SELECT left_no, right_no
    FROM candidate
    WHERE left_rank = 1 AND right_rank = 1
),

taken AS (
    SELECT left_no AS group_no FROM moved
    UNION ALL
    SELECT right_no FROM moved
)

SELECT
    s.document_number,
    s.recipient_id,
    'payout' AS record_kind,
    s.budget_item_code,
    s.marker_text,
    s.pay_month,
    s.aid_kind,
    CASE WHEN o.marker_text <> s.marker_text THEN 'marker' ELSE 'account' END AS difference_kind,
    'integrated' AS left_source,
    'monitoring' AS right_source,
    s.short_yuan AS left_yuan,
    s.short_yuan AS right_yuan,
    s.short_count AS left_count,
    s.short_count AS right_count,
    CASE
        WHEN o.marker_text <> s.marker_text AND o.budget_item_code <> s.budget_item_code
            THEN CONCAT(s.marker_text, '，科目 ', s.budget_item_code)
        WHEN o.marker_text <> s.marker_text THEN s.marker_text
        ELSE s.budget_item_code
    END AS left_text,
    CASE
        WHEN o.marker_text <> s.marker_text AND o.budget_item_code <> s.budget_item_code
            THEN CONCAT(o.marker_text, '，科目 ', o.budget_item_code)
        WHEN o.marker_text <> s.marker_text THEN o.marker_text
        ELSE o.budget_item_code
    END AS right_text,
    s.left_place_text,
    o.right_place_text
FROM moved AS m
JOIN uneven AS s ON s.group_no = m.left_no
JOIN uneven AS o ON o.group_no = m.right_no
UNION ALL
SELECT
    u.document_number,
    u.recipient_id,
    'payout',
    u.budget_item_code,
    u.marker_text,
    u.pay_month,
    u.aid_kind,
    CASE WHEN u.right_yuan IS NULL THEN 'missing' WHEN u.left_yuan IS NULL THEN 'extra' ELSE 'amount' END,
    'integrated',
    'monitoring',
    u.left_yuan,
    u.right_yuan,
    u.left_count,
    u.right_count,
    '',
    '',
    u.left_place_text,
    u.right_place_text
FROM uneven AS u
LEFT JOIN taken AS t ON t.group_no = u.group_no
WHERE t.group_no IS NULL;
