-- query:  payout_measure
-- asks:   what payouts and payments prove for each unit, measure by measure
-- grain:  one row per recipient of the notice and measure
-- unit:   person-months (on_time), persons (bank_persons, heads, persons), rows (times), 元 (bank_money, execution)
-- params: none; reads payout_counted, payout_person_month, counted_payment, unit_money, unit_export, evidence_day,
--         payout_measure_kind (measure_key, figure, aid_kind; an empty aid_kind for money paid)
-- rule:   on_time = on time ÷ (on time + late + failed + pending); bank = through a bank ÷ (bank + cash), a person
--         with any cash is not through a bank; execution = payments ÷ allocated; heads = persons paid for the newest
--         month whose payout day has come.
-- empty:  numerator and denominator are NULL where no export speaks of the unit or nothing is due; the denominator
--         also where the figure is a count. What is in neither: not_due_count, unknown_count (no date, no channel).
WITH measure AS (
    SELECT
        measure_key,
        figure
    FROM payout_measure_kind
    GROUP BY measure_key, figure
),

month_sum AS (
    SELECT
        recipient_id,
        aid_kind,
        pay_month,
        MIN(CASE WHEN due_on <= until_on THEN 1 ELSE 0 END) AS is_due,
        SUM(has_paid) AS person_count,
        SUM(CASE WHEN month_state = 'on_time' THEN 1 ELSE 0 END) AS on_time_count,
        SUM(CASE WHEN month_state = 'late' THEN 1 ELSE 0 END) AS late_count,
        SUM(CASE WHEN month_state = 'failed' THEN 1 ELSE 0 END) AS failed_count,
        SUM(CASE WHEN month_state = 'pending' THEN 1 ELSE 0 END) AS pending_count,
        SUM(CASE WHEN month_state = 'not_due' THEN 1 ELSE 0 END) AS not_due_count,
        SUM(CASE WHEN month_state = 'undated' THEN 1 ELSE 0 END) AS undated_count
    FROM payout_person_month
    GROUP BY recipient_id, aid_kind, pay_month
),

line_sum AS (
    SELECT
        recipient_id,
        aid_kind,
        COUNT(*) AS line_count,
        SUM(CASE WHEN person_hash IS NULL THEN 1 ELSE 0 END) AS no_person_count,
        SUM(CASE WHEN payout_state = 'paid' AND channel = 'bank' THEN amount_yuan ELSE 0 END) AS bank_yuan,
        SUM(CASE WHEN payout_state = 'paid' AND channel = 'cash' THEN amount_yuan ELSE 0 END) AS cash_yuan,
        SUM(CASE WHEN payout_state = 'paid' AND channel NOT IN ('bank', 'cash') THEN 1 ELSE 0 END) AS unknown_count,
        SUM(CASE WHEN payout_state = 'paid' AND amount_yuan > 0 AND EXTRACT(YEAR FROM pay_month) = EXTRACT(YEAR FROM until_on)
            THEN 1 ELSE 0 END) AS paid_count
    FROM payout_counted
    GROUP BY recipient_id, aid_kind
),

docked AS (
    SELECT
        recipient_id,
        MAX(CASE WHEN record_kind = 'payout' THEN 1 ELSE 0 END) AS has_payouts,
        MAX(CASE WHEN record_kind = 'payment' THEN 1 ELSE 0 END) AS has_payments
    FROM unit_export
    WHERE system_name = 'integrated'
    GROUP BY recipient_id
),

on_time AS (
    SELECT
        k.measure_key,
        s.recipient_id,
        SUM(s.on_time_count) AS numerator,
        SUM(s.on_time_count + s.late_count + s.failed_count + s.pending_count) AS denominator,
        SUM(s.late_count) AS late_count,
        SUM(s.failed_count) AS failed_count,
        SUM(s.pending_count) AS pending_count,
        SUM(s.not_due_count) AS not_due_count,
        SUM(s.undated_count) AS unknown_count
    FROM month_sum AS s
    JOIN payout_measure_kind AS k ON k.aid_kind = s.aid_kind AND k.figure = 'on_time'
    GROUP BY k.measure_key, s.recipient_id
),

money AS (
    SELECT
        k.measure_key,
        s.recipient_id,
        SUM(s.bank_yuan) AS numerator,
        SUM(s.bank_yuan + s.cash_yuan) AS denominator,
        SUM(s.unknown_count) AS unknown_count
    FROM line_sum AS s
    JOIN payout_measure_kind AS k ON k.aid_kind = s.aid_kind AND k.figure = 'bank_money'
    GROUP BY k.measure_key, s.recipient_id
),

person_kind AS (
    SELECT
        recipient_id,
        aid_kind,
        person_hash,
        MAX(CASE WHEN channel = 'cash' THEN 1 ELSE 0 END) AS has_cash,
        MAX(CASE WHEN channel NOT IN ('bank', 'cash') THEN 1 ELSE 0 END) AS has_unknown,
        MAX(CASE WHEN EXTRACT(YEAR FROM pay_month) = EXTRACT(YEAR FROM until_on) THEN 1 ELSE 0 END) AS is_of_year
    FROM payout_counted
    WHERE payout_state = 'paid' AND amount_yuan > 0 AND person_hash IS NOT NULL
    GROUP BY recipient_id, aid_kind, person_hash
),

person_sum AS (
    SELECT
        k.measure_key,
        k.figure,
        p.recipient_id,
        p.person_hash,
        MAX(p.has_cash) AS has_cash,
        MAX(p.has_unknown) AS has_unknown,
        MAX(p.is_of_year) AS is_of_year
    FROM person_kind AS p
    JOIN payout_measure_kind AS k ON k.aid_kind = p.aid_kind AND k.figure IN ('bank_persons', 'persons')
    GROUP BY k.measure_key, k.figure, p.recipient_id, p.person_hash
),

person_count AS (
    SELECT
        measure_key,
        recipient_id,
        SUM(CASE
            WHEN figure = 'persons' THEN is_of_year
            WHEN has_cash = 0 AND has_unknown = 0 THEN 1
            ELSE 0
        END) AS numerator,
        SUM(CASE WHEN figure = 'bank_persons' AND (has_cash = 1 OR has_unknown = 0) THEN 1 ELSE 0 END)
            AS denominator,
        SUM(CASE WHEN figure = 'bank_persons' AND has_cash = 0 AND has_unknown = 1 THEN 1 ELSE 0 END)
            AS unknown_count
    FROM person_sum
    GROUP BY measure_key, recipient_id
),

newest_month AS (
    SELECT
        k.measure_key,
        s.recipient_id,
        MAX(s.pay_month) AS pay_month
    FROM month_sum AS s
    JOIN payout_measure_kind AS k ON k.aid_kind = s.aid_kind AND k.figure = 'heads'
    WHERE s.is_due = 1
    GROUP BY k.measure_key, s.recipient_id
),

head AS (
    SELECT
        n.measure_key,
        n.recipient_id,
        n.pay_month,
        p.person_hash,
        MAX(p.has_paid) AS has_paid
    FROM newest_month AS n
    JOIN payout_measure_kind AS k ON k.measure_key = n.measure_key
    JOIN payout_person_month AS p
        ON p.recipient_id = n.recipient_id AND p.pay_month = n.pay_month AND p.aid_kind = k.aid_kind
    GROUP BY n.measure_key, n.recipient_id, n.pay_month, p.person_hash
),

head_count AS (
    SELECT
        measure_key,
        recipient_id,
        pay_month,
        SUM(has_paid) AS numerator
    FROM head
    GROUP BY measure_key, recipient_id, pay_month
),

kind_sum AS (
    SELECT
        k.measure_key,
        s.recipient_id,
        SUM(s.no_person_count) AS no_person_count,
        SUM(s.paid_count) AS paid_count
    FROM line_sum AS s
    JOIN payout_measure_kind AS k ON k.aid_kind = s.aid_kind
    GROUP BY k.measure_key, s.recipient_id
),

payment_sum AS (
    SELECT
        p.recipient_id,
        SUM(p.amount_yuan) AS paid_yuan
    FROM counted_payment AS p
    JOIN evidence_day AS d ON p.paid_on <= d.until_on
    WHERE p.system_name = 'integrated'
    GROUP BY p.recipient_id
),

shown AS (
    SELECT
        u.recipient_id,
        u.recipient_name,
        u.recipient_short_name,
        u.display_no,
        u.after_yuan,
        m.measure_key,
        m.figure,
        COALESCE(CASE WHEN m.figure = 'execution' THEN d.has_payments ELSE d.has_payouts END, 0) = 1 AS is_docked
    FROM unit_money AS u
    CROSS JOIN measure AS m
    LEFT JOIN docked AS d ON d.recipient_id = u.recipient_id
)

SELECT
    s.recipient_id,
    s.recipient_name,
    s.recipient_short_name,
    s.display_no,
    s.measure_key,
    s.figure,
    s.is_docked,
    CASE
        WHEN NOT s.is_docked THEN NULL
        WHEN s.figure = 'execution' THEN COALESCE(x.paid_yuan, 0)
        WHEN s.figure = 'times' THEN COALESCE(k.paid_count, 0)
        WHEN s.figure = 'persons' THEN COALESCE(p.numerator, 0)
        -- Nobody in the export is nobody paid; a first month that is not due yet is no figure.
        WHEN s.figure = 'heads' AND k.recipient_id IS NULL THEN 0
        WHEN s.figure = 'heads' THEN h.numerator
        WHEN s.figure = 'on_time' AND o.denominator > 0 THEN o.numerator
        WHEN s.figure = 'bank_money' AND b.denominator > 0 THEN b.numerator
        WHEN s.figure = 'bank_persons' AND p.denominator > 0 THEN p.numerator
    END AS numerator,
    CASE
        WHEN NOT s.is_docked THEN NULL
        WHEN s.figure = 'execution' THEN s.after_yuan
        WHEN s.figure = 'on_time' AND o.denominator > 0 THEN o.denominator
        WHEN s.figure = 'bank_money' AND b.denominator > 0 THEN b.denominator
        WHEN s.figure = 'bank_persons' AND p.denominator > 0 THEN p.denominator
    END AS denominator,
    h.pay_month AS head_month,
    COALESCE(o.late_count, 0) AS late_count,
    COALESCE(o.failed_count, 0) AS failed_count,
    COALESCE(o.pending_count, 0) AS pending_count,
    COALESCE(o.not_due_count, 0) AS not_due_count,
    COALESCE(o.unknown_count, b.unknown_count, p.unknown_count, 0) AS unknown_count,
    COALESCE(k.no_person_count, 0) AS no_person_count
FROM shown AS s
LEFT JOIN payment_sum AS x ON x.recipient_id = s.recipient_id
LEFT JOIN on_time AS o ON o.recipient_id = s.recipient_id AND o.measure_key = s.measure_key
LEFT JOIN money AS b ON b.recipient_id = s.recipient_id AND b.measure_key = s.measure_key
LEFT JOIN person_count AS p ON p.recipient_id = s.recipient_id AND p.measure_key = s.measure_key
LEFT JOIN head_count AS h ON h.recipient_id = s.recipient_id AND h.measure_key = s.measure_key
LEFT JOIN kind_sum AS k ON k.recipient_id = s.recipient_id AND k.measure_key = s.measure_key
ORDER BY s.display_no, s.measure_key;
