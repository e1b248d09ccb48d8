-- query:  cost_per_head
-- asks:   what the payouts of each kind of aid come to for a person and month, unit by unit, and what the standards
--         in force allow for the same persons and months
-- grain:  one row per recipient of the notice and kind of aid that any of its units paid
-- unit:   元; person-months: a person counts once a kind and month, however often money came
-- params: none; reads unit_money, unit_export, payout_counted, payout_person_month, standard_in_force, aid_kind_name
-- rule:   both sides count the same person-months: those in which more was paid than taken back. Rows without a person
--         are on neither side and counted apart.
-- empty:  paid_yuan is NULL where nobody was paid this kind; standard_ columns where no standard was in force
WITH measured AS (
    SELECT
        p.recipient_id,
        p.aid_kind,
        COUNT(*) AS person_month_count,
        SUM(p.paid_yuan) AS paid_yuan,
        SUM(CASE WHEN s.standard_yuan IS NOT NULL THEN 1 ELSE 0 END) AS standard_count,
        SUM(CASE WHEN s.standard_yuan IS NOT NULL THEN p.paid_yuan END) AS standard_paid_yuan,
        SUM(s.standard_yuan) AS standard_sum_yuan,
        MIN(CASE WHEN s.is_fixed THEN 1 WHEN NOT s.is_fixed THEN 0 END) AS all_fixed,
        MIN(p.pay_month) AS first_month,
        MAX(p.pay_month) AS last_month
    FROM payout_person_month AS p
    LEFT JOIN standard_in_force AS s
        ON s.recipient_id = p.recipient_id AND s.aid_kind = p.aid_kind
        AND p.pay_month >= s.from_on AND (s.until_on IS NULL OR p.pay_month < s.until_on)
    WHERE p.has_paid = 1
    GROUP BY p.recipient_id, p.aid_kind
),

unnamed AS (
    SELECT
        recipient_id,
        aid_kind,
        COUNT(*) AS unnamed_count,
        SUM(amount_yuan) AS unnamed_yuan
    FROM payout_counted
    WHERE person_hash IS NULL AND payout_state = 'paid'
    GROUP BY recipient_id, aid_kind
),

kind AS (
    SELECT aid_kind FROM measured
    UNION
    SELECT aid_kind FROM unnamed
),

docked AS (
    SELECT DISTINCT recipient_id
    FROM unit_export
    WHERE record_kind = 'payout' AND system_name = 'integrated'
)

SELECT
    u.recipient_id,
    u.recipient_name,
    u.recipient_short_name,
    u.display_no,
    k.aid_kind,
    COALESCE(n.aid_name, k.aid_kind) AS aid_name,
    COALESCE(n.is_monthly, FALSE) AS is_monthly,
    d.recipient_id IS NOT NULL AS is_docked,
    COALESCE(m.person_month_count, 0) AS person_month_count,
    m.paid_yuan,
    m.first_month,
    m.last_month,
    COALESCE(m.standard_count, 0) AS standard_count,
    m.standard_paid_yuan,
    m.standard_sum_yuan,
    COALESCE(m.all_fixed = 1, FALSE) AS is_fixed,
    COALESCE(x.unnamed_count, 0) AS unnamed_count,
    x.unnamed_yuan
FROM unit_money AS u
CROSS JOIN kind AS k
LEFT JOIN docked AS d ON d.recipient_id = u.recipient_id
LEFT JOIN measured AS m ON m.recipient_id = u.recipient_id AND m.aid_kind = k.aid_kind
LEFT JOIN unnamed AS x ON x.recipient_id = u.recipient_id AND x.aid_kind = k.aid_kind
LEFT JOIN aid_kind_name AS n ON n.aid_kind = k.aid_kind
ORDER BY k.aid_kind, u.display_no;
