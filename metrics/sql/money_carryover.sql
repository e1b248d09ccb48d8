-- query:  money_carryover
-- asks:   how old the money is that is left: of this year, carried over, or a surplus by law
-- grain:  one row per recipient, fiscal year and age with money registered, and one in all per fiscal year and age with
--         an empty recipient_id
-- unit:   元; years
-- params: none; reads money_step, money_balance, monitor_limit
-- rule:   age and state are what money_balance says
-- empty:  balance is NULL where payments are not docked
WITH aged AS (
    SELECT
        b.recipient_id,
        b.fiscal_year,
        b.age_years,
        b.age_state,
        SUM(b.registered_yuan) AS registered_yuan,
        SUM(b.balance_yuan) AS balance_yuan
    FROM money_balance AS b
    GROUP BY b.recipient_id, b.fiscal_year, b.age_years, b.age_state
),

together AS (
    SELECT
        m.recipient_id,
        m.recipient_name,
        m.recipient_short_name,
        m.display_no,
        a.fiscal_year,
        a.age_years,
        a.age_state,
        a.registered_yuan,
        a.balance_yuan
    FROM aged AS a
    JOIN money_step AS m ON m.recipient_id = a.recipient_id
    UNION ALL
    SELECT
        '' AS recipient_id,
        '合计' AS recipient_name,
        '合计' AS recipient_short_name,
        2147483647 AS display_no,
        a.fiscal_year,
        a.age_years,
        a.age_state,
        SUM(a.registered_yuan) AS registered_yuan,
        SUM(a.balance_yuan) AS balance_yuan
    FROM aged AS a
    GROUP BY a.fiscal_year, a.age_years, a.age_state
)

SELECT
    t.*,
    l.carryover_years AS limit_years
FROM together AS t
CROSS JOIN monitor_limit AS l
ORDER BY t.display_no, t.fiscal_year, t.age_years;
