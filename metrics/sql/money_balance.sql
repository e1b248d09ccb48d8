-- query:  money_balance
-- asks:   how much of each registration is still there, and since when it has lain still
-- grain:  one row per recipient, fiscal year and day of registration with money registered
-- unit:   元; days
-- params: none; reads money_step, money_allotment, money_payment, asked
-- rule:   what is taken back of a year's allotments comes off that year's oldest; then payments use up the oldest
--         allotments of all (first in, first out). What came back beyond all payments lies with the newest.
--         It has lain still since the later of its registration and the unit's last payment.
-- empty:  balance is NULL where payments are not docked; the days where neither day is known
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
            WHEN m.paid_yuan IS NULL THEN NULL
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
        END AS still_since_on
    FROM in_line AS l
    JOIN money_step AS m ON m.recipient_id = l.recipient_id
)

SELECT
    b.*,
    CASE WHEN b.balance_yuan > 0 THEN a.as_of_on - b.still_since_on END AS idle_days,
    CASE WHEN a.as_of_year > b.fiscal_year THEN a.as_of_year - b.fiscal_year ELSE 0 END AS age_years
FROM left_over AS b
CROSS JOIN asked AS a;
