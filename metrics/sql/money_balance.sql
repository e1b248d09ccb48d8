-- query:  money_balance
-- asks:   how much of each registration is still there, since when it has lain still, and how old it is
-- grain:  one row per recipient, fiscal year and day of registration with money registered
-- unit:   元; days; years
-- params: none; reads money_docked, money_allotment, money_payment, unit_export, notice_fact, monitor_limit, asked
-- rule:   what is taken back of a year's allotments comes off that year's oldest; then payments use up the oldest
--         allotments of all (first in, first out). What came back beyond all payments lies with the newest.
--         It has lain still since the later of its registration and the unit's last payment; what came back is no
--         payment. Days run to the last day that the payment export speaks of (known_to_on): after it nothing is
--         known. Idle if it has lain still for more days than the limit; exactly the limit is not idle.
--         Age = the year of the day after known_to_on, or of the day asked about, - origin_year: the earlier of the
--         row's year and the notice's, for money carried over is booked under the later year. 0 is this year's (so is
--         money of a year to come), up to the limit it is carried over, from the limit on it is a surplus.
--         The checks R13 and R14 and the boards 闲置资金 and 结转结余 all read this.
-- empty:  balance is NULL where payments are not docked; the days where neither day is known or nothing is left
WITH registered AS (
    SELECT
        recipient_id,
        fiscal_year,
        counted_on,
        SUM(CASE WHEN amount_yuan > 0 THEN amount_yuan ELSE 0 END) AS lot_yuan,
        SUM(CASE WHEN amount_yuan < 0 THEN -amount_yuan ELSE 0 END) AS taken_yuan
    FROM money_allotment
    GROUP BY recipient_id, fiscal_year, counted_on
),

within_year AS (
    SELECT
        r.*,
        SUM(lot_yuan) OVER (
            PARTITION BY recipient_id, fiscal_year
            ORDER BY CASE WHEN counted_on IS NULL THEN 0 ELSE 1 END, counted_on
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - lot_yuan AS earlier_yuan,
        SUM(lot_yuan) OVER (PARTITION BY recipient_id, fiscal_year) AS year_yuan,
        SUM(taken_yuan) OVER (PARTITION BY recipient_id, fiscal_year) AS year_taken_yuan
    FROM registered AS r
),

kept AS (
    SELECT
        recipient_id,
        fiscal_year,
        counted_on,
        CASE
            WHEN year_taken_yuan <= earlier_yuan THEN lot_yuan
            WHEN year_taken_yuan >= earlier_yuan + lot_yuan THEN 0
            ELSE earlier_yuan + lot_yuan - year_taken_yuan
        END AS lot_yuan,
        -- More taken back of a year than was registered in it comes off what is oldest of all: told once a year.
        CASE
            WHEN earlier_yuan + lot_yuan = year_yuan AND lot_yuan > 0 AND year_taken_yuan > year_yuan
                THEN year_taken_yuan - year_yuan
            WHEN year_yuan = 0 THEN taken_yuan
            ELSE 0
        END AS beyond_yuan
    FROM within_year
),

paid AS (
    SELECT
        recipient_id,
        SUM(amount_yuan) AS paid_yuan,
        MAX(CASE WHEN amount_yuan > 0 THEN paid_on END) AS last_paid_on
    FROM money_payment
    GROUP BY recipient_id
),

in_line AS (
    SELECT
        k.recipient_id,
        k.fiscal_year,
        k.counted_on,
        k.lot_yuan,
        SUM(k.lot_yuan) OVER (
            PARTITION BY k.recipient_id
            ORDER BY k.fiscal_year, CASE WHEN k.counted_on IS NULL THEN 0 ELSE 1 END, k.counted_on
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - k.lot_yuan AS earlier_yuan,
        ROW_NUMBER() OVER (
            PARTITION BY k.recipient_id
            ORDER BY k.fiscal_year DESC, CASE WHEN k.counted_on IS NULL THEN 0 ELSE 1 END DESC, k.counted_on DESC
        ) AS place_from_newest,
        COALESCE(p.paid_yuan, 0)
        + SUM(k.beyond_yuan) OVER (PARTITION BY k.recipient_id) AS used_yuan,
        p.last_paid_on
    FROM kept AS k
    LEFT JOIN paid AS p ON p.recipient_id = k.recipient_id
),

left_over AS (
    SELECT
        l.recipient_id,
        l.fiscal_year,
        l.counted_on,
        l.last_paid_on,
        l.lot_yuan AS registered_yuan,
        CASE
            WHEN d.system_name IS NULL THEN NULL
            WHEN l.used_yuan < 0 AND l.place_from_newest = 1 THEN l.lot_yuan - l.used_yuan
            WHEN l.used_yuan <= l.earlier_yuan THEN l.lot_yuan
            WHEN l.used_yuan >= l.earlier_yuan + l.lot_yuan THEN 0
            ELSE l.earlier_yuan + l.lot_yuan - l.used_yuan
        END AS balance_yuan,
        CASE
            WHEN l.last_paid_on IS NULL THEN l.counted_on
            WHEN l.counted_on IS NULL THEN l.last_paid_on
            WHEN l.last_paid_on > l.counted_on THEN l.last_paid_on
            ELSE l.counted_on
        END AS still_since_on,
        COALESCE(e.until_on, a.as_of_on) AS known_to_on,
        CASE
            WHEN e.until_on < a.as_of_on THEN CAST(EXTRACT(YEAR FROM e.until_on + 1) AS INTEGER)
            ELSE a.as_of_year
        END AS known_year,
        CASE WHEN n.fiscal_year < l.fiscal_year THEN n.fiscal_year ELSE l.fiscal_year END AS origin_year
    FROM in_line AS l
    JOIN money_docked AS d ON d.recipient_id = l.recipient_id AND d.record_kind = 'payment'
    CROSS JOIN notice_fact AS n
    CROSS JOIN asked AS a
    LEFT JOIN unit_export AS e
        ON e.recipient_id = l.recipient_id AND e.system_name = d.system_name AND e.record_kind = 'payment'
),

counted AS (
    SELECT
        o.*,
        CASE
            WHEN o.balance_yuan <= 0 THEN NULL
            WHEN o.still_since_on > o.known_to_on THEN 0
            ELSE CAST(o.known_to_on - o.still_since_on AS INTEGER)
        END AS idle_days,
        CASE WHEN o.known_year > o.origin_year THEN o.known_year - o.origin_year ELSE 0 END AS age_years
    FROM left_over AS o
)

SELECT
    c.*,
    CASE WHEN c.balance_yuan > 0 AND c.idle_days > l.idle_days THEN 1 ELSE 0 END AS is_idle,
    CASE
        WHEN c.age_years >= l.carryover_years THEN 'surplus'
        WHEN c.age_years > 0 THEN 'carried_over'
        ELSE 'this_year'
    END AS age_state
FROM counted AS c
CROSS JOIN monitor_limit AS l;
