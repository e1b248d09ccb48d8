-- query:  inquiry_money
-- asks:   how much of each unit's money is left that a consequence may be about
-- grain:  one row per recipient of the notice
-- unit:   元
-- params: none; reads money_step, reported_money and consequence_now (inquiry_consequences.sql)
-- rule:   left = allocated less paid (docked; else of the newest report; else nothing is known to be paid), never
--         below 0; free = left less what is suspended or recovered and not lifted
WITH newest_report AS (
    SELECT
        recipient_id,
        paid_yuan,
        ROW_NUMBER() OVER (PARTITION BY recipient_id ORDER BY period_end_on DESC, submitted_at DESC) AS place
    FROM reported_money
    WHERE paid_yuan IS NOT NULL
),

held AS (
    SELECT
        recipient_id,
        SUM(amount_yuan) AS held_yuan
    FROM consequence_now
    WHERE lifted_at IS NULL AND consequence_kind IN ('suspend', 'recover')
    GROUP BY recipient_id
),

paid AS (
    SELECT
        m.recipient_id,
        m.recipient_name,
        m.recipient_short_name,
        m.display_no,
        m.allocated_yuan,
        COALESCE(m.paid_yuan, r.paid_yuan, 0) AS paid_yuan,
        CASE
            WHEN m.paid_yuan IS NOT NULL THEN 'docked'
            WHEN r.paid_yuan IS NOT NULL THEN 'reported'
            ELSE 'unknown'
        END AS paid_source,
        COALESCE(h.held_yuan, 0) AS held_yuan
    FROM money_step AS m
    LEFT JOIN newest_report AS r ON r.recipient_id = m.recipient_id AND r.place = 1
    LEFT JOIN held AS h ON h.recipient_id = m.recipient_id
),

remaining AS (
    SELECT
        p.*,
        CASE WHEN p.allocated_yuan > p.paid_yuan THEN p.allocated_yuan - p.paid_yuan ELSE 0 END AS left_yuan
    FROM paid AS p
)

SELECT
    r.*,
    CASE WHEN r.left_yuan > r.held_yuan THEN r.left_yuan - r.held_yuan ELSE 0 END AS free_yuan
FROM remaining AS r
ORDER BY r.display_no;
