-- query:  money_flow
-- asks:   how the money runs from each step to the next, and where it stays
-- grain:  one row per recipient, source and target between which money runs; no row of nothing
-- unit:   元, above 0
-- params: none; reads money_step
-- rule:   at each step the smaller of the two amounts runs on; what the step before has more stays behind, or is
--         not known where the step is not docked; what the step has more comes from elsewhere. A step whose sum is
--         below 0 counts as 0 here: a line cannot be drawn with less than nothing. What was paid to an institution that
--         may receive it has arrived; only the rest of what was paid runs on to persons.
WITH arrived AS (
    SELECT
        m.*,
        CASE
            WHEN m.paid_yuan > 0 AND m.to_institution_yuan > 0
                THEN CASE WHEN m.to_institution_yuan < m.paid_yuan THEN m.to_institution_yuan ELSE m.paid_yuan END
            ELSE 0
        END AS at_institution_yuan
    FROM money_step AS m
),

step AS (
    SELECT
        recipient_id,
        'allocated' AS source_node,
        'registered' AS target_node,
        'unregistered' AS behind_node,
        allocated_yuan AS before_yuan,
        registered_yuan AS next_yuan
    FROM money_step
    UNION ALL
    SELECT
        recipient_id,
        'registered' AS source_node,
        'paid' AS target_node,
        'unpaid' AS behind_node,
        registered_yuan AS before_yuan,
        paid_yuan AS next_yuan
    FROM money_step
    UNION ALL
    SELECT
        recipient_id,
        'paid' AS source_node,
        'paid_out' AS target_node,
        'not_paid_out' AS behind_node,
        paid_yuan - at_institution_yuan AS before_yuan,
        paid_out_yuan AS next_yuan
    FROM arrived
),

known AS (
    SELECT
        s.*,
        CASE WHEN s.before_yuan > 0 THEN s.before_yuan ELSE 0 END AS had_yuan,
        CASE WHEN s.next_yuan > 0 THEN s.next_yuan ELSE 0 END AS got_yuan
    FROM step AS s
),

run AS (
    SELECT
        recipient_id,
        source_node,
        target_node,
        CASE WHEN had_yuan < got_yuan THEN had_yuan ELSE got_yuan END AS amount_yuan
    FROM known
    UNION ALL
    SELECT
        recipient_id,
        source_node,
        CASE WHEN next_yuan IS NULL THEN 'unknown_' || target_node ELSE behind_node END AS target_node,
        had_yuan - got_yuan AS amount_yuan
    FROM known
    UNION ALL
    SELECT
        recipient_id,
        'elsewhere' AS source_node,
        target_node,
        got_yuan - had_yuan AS amount_yuan
    FROM known
    UNION ALL
    SELECT
        recipient_id,
        'paid' AS source_node,
        'at_institution' AS target_node,
        at_institution_yuan AS amount_yuan
    FROM arrived
)

SELECT
    recipient_id,
    source_node,
    target_node,
    amount_yuan
FROM run
WHERE amount_yuan > 0
ORDER BY recipient_id, source_node, target_node;
