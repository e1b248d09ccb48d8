-- query:  effect_shown
-- asks:   how do money and effect of each unit stand, and may its execution rate be shown
-- grain:  one row per row of effect
-- unit:   as effect
-- params: none; reads effect, rate_limit
-- rule:   the state is judged whether or not the rate may be shown
SELECT
    e.*,
    COALESCE(e.paid_yuan > m.limit_yuan, FALSE) AS is_over_unexplained
FROM effect AS e
LEFT JOIN rate_limit AS m ON m.recipient_id = e.recipient_id;
