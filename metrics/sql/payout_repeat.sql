-- query:  payout_repeat
-- asks:   who was paid the same aid for the same month more than once, reversals taken off
-- grain:  one row per payout of such a person, kind and month; repeat_no 1 is the first paid
-- unit:   元
-- params: none; reads notice_payout
-- Of millions of person-months few have a second row: only those are looked at more closely.
WITH again AS (
    SELECT
        person_hash,
        aid_kind,
        pay_month
    FROM notice_payout
    WHERE payout_state = 'paid' AND person_hash IS NOT NULL
    GROUP BY person_hash, aid_kind, pay_month
    HAVING COUNT(*) > 1
),

looked_at AS (
    SELECT p.*
    FROM again AS a
    JOIN notice_payout AS p
        ON p.person_hash = a.person_hash AND p.aid_kind = a.aid_kind AND p.pay_month = a.pay_month
    WHERE p.payout_state = 'paid'
),

repeated AS (
    SELECT
        person_hash,
        aid_kind,
        pay_month,
        once_text,
        MIN(recipient_id) <> MAX(recipient_id) AS is_across_units
    FROM looked_at
    GROUP BY person_hash, aid_kind, pay_month, once_text
    HAVING SUM(CASE WHEN amount_yuan > 0 THEN 1 ELSE 0 END) > 1 AND SUM(amount_yuan) > MAX(amount_yuan)
)

SELECT
    p.export_no,
    p.file_name,
    p.line_no,
    p.recipient_id,
    p.aid_kind,
    p.aid_name,
    p.pay_month,
    p.paid_on,
    p.amount_yuan,
    p.person_hash,
    g.is_across_units,
    ROW_NUMBER() OVER (
        PARTITION BY p.person_hash, p.aid_kind, p.pay_month, p.once_text
        ORDER BY COALESCE(p.paid_on, p.due_on), p.amount_yuan DESC, p.export_no, p.line_no
    ) AS repeat_no
FROM looked_at AS p
JOIN repeated AS g
    ON g.person_hash = p.person_hash AND g.aid_kind = p.aid_kind
    AND g.pay_month = p.pay_month AND g.once_text = p.once_text
WHERE p.amount_yuan > 0;
