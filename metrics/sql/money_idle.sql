-- query:  money_idle
-- asks:   whose money has lain still for how long, per year of the allotment
-- grain:  one row per recipient and fiscal year with money registered, or one without a year where there is none
-- unit:   元; days
-- params: none; reads money_step, money_balance, monitor_limit
-- rule:   idle is what money_balance says; known_to_on is the day that the days run to
-- empty:  balance and idle money are NULL where registrations or payments are not docked; days where nothing is left
WITH yearly AS (
    SELECT
        b.recipient_id,
        b.fiscal_year,
        SUM(b.registered_yuan) AS registered_yuan,
        SUM(b.balance_yuan) AS balance_yuan,
        CASE
            WHEN COUNT(b.balance_yuan) > 0
                THEN SUM(CASE WHEN b.is_idle = 1 THEN b.balance_yuan ELSE 0 END)
        END AS idle_yuan,
        MAX(b.idle_days) AS idle_days,
        MIN(CASE WHEN b.balance_yuan > 0 THEN b.still_since_on END) AS still_since_on,
        MAX(b.last_paid_on) AS last_paid_on,
        MAX(b.known_to_on) AS known_to_on
    FROM money_balance AS b
    GROUP BY b.recipient_id, b.fiscal_year
)

SELECT
    m.recipient_id,
    m.recipient_name,
    m.recipient_short_name,
    m.display_no,
    y.fiscal_year,
    y.registered_yuan,
    y.balance_yuan,
    y.idle_yuan,
    y.idle_days,
    y.still_since_on,
    y.last_paid_on,
    y.known_to_on,
    l.idle_days AS limit_days,
    CASE
        WHEN m.registered_yuan IS NULL OR m.paid_yuan IS NULL THEN 'not_docked'
        WHEN y.recipient_id IS NULL THEN 'no_money'
        WHEN y.balance_yuan = 0 THEN 'spent'
        WHEN y.idle_yuan > 0 THEN 'idle'
        WHEN y.still_since_on IS NULL THEN 'undated'
        ELSE 'moving'
    END AS idle_state
FROM money_step AS m
CROSS JOIN monitor_limit AS l
LEFT JOIN yearly AS y ON y.recipient_id = m.recipient_id
ORDER BY COALESCE(y.idle_yuan, 0) DESC, m.display_no, y.fiscal_year;
