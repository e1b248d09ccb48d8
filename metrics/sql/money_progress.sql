-- query:  money_progress
-- asks:   how far each unit has allotted and paid what was handed down, how far it should have, and by how much it is
--         short; and of how much a list of persons is there that is due
-- grain:  one row per recipient of the notice, and one in all with an empty recipient_id, last
-- unit:   元; rates and shares are ratios for showing: the state is judged on decimals
-- params: none; reads money_step, money_due, rate_limit
-- rule:   allotted rate = registered / handed down, for what a unit keeps and what it hands on is both registered;
--         paid rate = paid / handed down; short by = paid rate - due share, short amount = that x handed down;
--         hooked rate = hooked / due. Each sum in all is over the units that have it, with the base of those units.
-- empty:  a rate is NULL without a base or an export; that of payments over 100 % as in money_execution; that of
--         allotments over 100 %, for the reason that is kept is one of payments
WITH unit AS (
    SELECT
        m.recipient_id,
        m.recipient_name,
        m.recipient_short_name,
        m.display_no,
        m.allocated_yuan,
        m.registered_yuan,
        CASE WHEN m.registered_yuan IS NOT NULL THEN m.allocated_yuan END AS allot_base_yuan,
        m.allocated_yuan - m.registered_yuan AS unregistered_yuan,
        m.paid_yuan,
        CASE WHEN m.paid_yuan IS NOT NULL THEN m.allocated_yuan END AS pay_base_yuan,
        CASE WHEN m.paid_yuan > x.limit_yuan THEN 1 ELSE 0 END AS unexplained_count,
        CASE WHEN m.hooked_yuan IS NOT NULL THEN m.list_due_yuan END AS list_due_yuan,
        m.hooked_yuan
    FROM money_step AS m
    LEFT JOIN rate_limit AS x ON x.recipient_id = m.recipient_id
),

together AS (
    SELECT * FROM unit
    UNION ALL
    SELECT
        '' AS recipient_id,
        '合计' AS recipient_name,
        '合计' AS recipient_short_name,
        2147483647 AS display_no,
        SUM(allocated_yuan) AS allocated_yuan,
        SUM(registered_yuan) AS registered_yuan,
        SUM(allot_base_yuan) AS allot_base_yuan,
        SUM(unregistered_yuan) AS unregistered_yuan,
        SUM(paid_yuan) AS paid_yuan,
        SUM(pay_base_yuan) AS pay_base_yuan,
        SUM(unexplained_count) AS unexplained_count,
        SUM(list_due_yuan) AS list_due_yuan,
        SUM(hooked_yuan) AS hooked_yuan
    FROM unit
    HAVING COUNT(*) > 0
),

judged AS (
    SELECT
        t.*,
        d.due_parts,
        d.due_whole,
        d.line_month,
        CASE
            WHEN t.paid_yuan IS NULL THEN 'not_docked'
            WHEN t.paid_yuan > t.pay_base_yuan AND t.unexplained_count > 0 THEN 'over_unexplained'
            WHEN t.paid_yuan > t.pay_base_yuan THEN 'over_explained'
            WHEN t.pay_base_yuan = 0 THEN 'no_money'
            WHEN
                CAST(t.paid_yuan AS DECIMAL(28, 2)) * d.due_whole
                >= CAST(t.pay_base_yuan AS DECIMAL(28, 2)) * d.due_parts
                THEN 'on_schedule'
            ELSE 'behind'
        END AS progress_state
    FROM together AS t
    CROSS JOIN money_due AS d
),

rated AS (
    SELECT
        j.*,
        CASE
            WHEN j.allot_base_yuan > 0 AND j.registered_yuan <= j.allot_base_yuan
                THEN CAST(j.registered_yuan AS DOUBLE) / CAST(j.allot_base_yuan AS DOUBLE)
        END AS allotted_rate,
        CASE
            WHEN j.progress_state IN ('on_schedule', 'behind', 'over_explained') AND j.pay_base_yuan > 0
                THEN CAST(j.paid_yuan AS DOUBLE) / CAST(j.pay_base_yuan AS DOUBLE)
        END AS paid_rate,
        CAST(j.due_parts AS DOUBLE) / j.due_whole AS due_share,
        CASE
            WHEN j.list_due_yuan > 0 THEN CAST(j.hooked_yuan AS DOUBLE) / CAST(j.list_due_yuan AS DOUBLE)
        END AS hooked_rate
    FROM judged AS j
)

SELECT
    r.*,
    r.paid_rate - r.due_share AS short_share,
    CASE
        WHEN r.paid_rate IS NOT NULL THEN ROUND(
            CAST(r.paid_yuan AS DOUBLE) - CAST(r.pay_base_yuan AS DOUBLE) * r.due_parts / r.due_whole, 2
        )
    END AS short_yuan
FROM rated AS r
ORDER BY r.display_no;
