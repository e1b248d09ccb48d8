-- query:  money_chain
-- asks:   how much stays behind at each step from handing down to paying out, per unit and in all
-- grain:  one row per recipient of the notice, and one in all with an empty recipient_id, last
-- unit:   元; what stays behind is negative where a step shows more than the one before
-- params: none; reads money_step
-- rule:   unregistered = allocated - registered; unpaid = registered - paid; not paid out =
--         paid - to institutions that may receive it - paid out
-- empty:  a step without an export is NULL (未对接), and so is what stays behind on either side of it; the sum of a
--         column is over the units that have it, counted beside it
WITH told AS (
    SELECT
        m.recipient_id,
        m.recipient_name,
        m.recipient_short_name,
        m.display_no,
        m.allocated_yuan,
        m.registered_yuan,
        m.paid_yuan,
        m.to_institution_yuan,
        m.paid_out_yuan,
        m.payout_system,
        m.allocated_yuan - m.registered_yuan AS unregistered_yuan,
        m.registered_yuan - m.paid_yuan AS unpaid_yuan,
        m.paid_yuan - m.to_institution_yuan - m.paid_out_yuan AS not_paid_out_yuan
    FROM money_step AS m
),

in_all AS (
    SELECT
        '' AS recipient_id,
        '合计' AS recipient_name,
        '合计' AS recipient_short_name,
        2147483647 AS display_no,
        SUM(allocated_yuan) AS allocated_yuan,
        SUM(registered_yuan) AS registered_yuan,
        SUM(paid_yuan) AS paid_yuan,
        SUM(to_institution_yuan) AS to_institution_yuan,
        SUM(paid_out_yuan) AS paid_out_yuan,
        CASE WHEN MIN(payout_system) = MAX(payout_system) THEN MIN(payout_system) ELSE 'mixed' END AS payout_system,
        SUM(unregistered_yuan) AS unregistered_yuan,
        SUM(unpaid_yuan) AS unpaid_yuan,
        SUM(not_paid_out_yuan) AS not_paid_out_yuan,
        COUNT(*) AS unit_count,
        COUNT(registered_yuan) AS registered_unit_count,
        COUNT(paid_yuan) AS paid_unit_count,
        COUNT(paid_out_yuan) AS paid_out_unit_count
    FROM told
    HAVING COUNT(*) > 0
)

SELECT
    t.*,
    1 AS unit_count,
    CASE WHEN t.registered_yuan IS NULL THEN 0 ELSE 1 END AS registered_unit_count,
    CASE WHEN t.paid_yuan IS NULL THEN 0 ELSE 1 END AS paid_unit_count,
    CASE WHEN t.paid_out_yuan IS NULL THEN 0 ELSE 1 END AS paid_out_unit_count
FROM told AS t
UNION ALL
SELECT * FROM in_all
ORDER BY display_no;
