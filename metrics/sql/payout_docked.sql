-- query:  payout_docked
-- asks:   which exports that prove anything of payouts each unit has, and up to which day; which kinds of aid are paid
--         without a standard on file
-- grain:  one row per recipient of the notice
-- unit:   kinds of aid; payouts
-- params: none; reads unit_money, unit_export, notice_payout, docked_standard
-- empty:  payout_until_on is NULL where no export of payouts speaks of the unit
WITH docked AS (
    SELECT
        recipient_id,
        MAX(CASE WHEN record_kind = 'payout' THEN until_on END) AS payout_until_on,
        MAX(CASE WHEN record_kind = 'payment' THEN 1 ELSE 0 END) AS has_payments,
        MAX(CASE WHEN record_kind = 'standard' THEN 1 ELSE 0 END) AS has_standards,
        MAX(CASE WHEN record_kind = 'stop' THEN 1 ELSE 0 END) AS has_stops
    FROM unit_export
    WHERE system_name = 'integrated'
    GROUP BY recipient_id
),

paid_month AS (
    SELECT
        recipient_id,
        aid_kind,
        aid_name,
        pay_month,
        COUNT(*) AS line_count
    FROM notice_payout
    WHERE payout_state = 'paid' AND amount_yuan > 0 AND is_monthly
    GROUP BY recipient_id, aid_kind, aid_name, pay_month
),

first_standard AS (
    SELECT
        recipient_id,
        aid_kind,
        MIN(from_on) AS from_on
    FROM docked_standard
    GROUP BY recipient_id, aid_kind
),

unjudged AS (
    SELECT
        p.recipient_id,
        COUNT(DISTINCT p.aid_kind) AS kind_count,
        MIN(p.aid_name) AS aid_name,
        SUM(p.line_count) AS line_count
    FROM paid_month AS p
    LEFT JOIN first_standard AS s
        ON s.recipient_id = p.recipient_id AND s.aid_kind = p.aid_kind AND s.from_on <= p.pay_month
    WHERE s.recipient_id IS NULL
    GROUP BY p.recipient_id
)

SELECT
    u.recipient_id,
    u.recipient_name,
    u.recipient_short_name,
    u.display_no,
    d.payout_until_on,
    COALESCE(d.has_payments, 0) = 1 AS has_payments,
    COALESCE(d.has_standards, 0) = 1 AS has_standards,
    COALESCE(d.has_stops, 0) = 1 AS has_stops,
    COALESCE(j.kind_count, 0) AS unjudged_kind_count,
    COALESCE(j.aid_name, '') AS unjudged_aid_name,
    COALESCE(j.line_count, 0) AS unjudged_count
FROM unit_money AS u
LEFT JOIN docked AS d ON d.recipient_id = u.recipient_id
LEFT JOIN unjudged AS j ON j.recipient_id = u.recipient_id
ORDER BY u.display_no;
