-- query:  moment
-- asks:   from when to when nothing but a new event can change a score: from $at, and from the day after
--         each deadline that is still to come
-- grain:  one row per span, without gaps, the last without end
-- unit:   none
-- params: $notice_key, $round_id, $at
WITH turning AS (
    SELECT CAST($at AS TIMESTAMP) AS valid_from
    UNION
    SELECT CAST(due_on + 1 AS TIMESTAMP)
    FROM clock
    WHERE CAST(due_on + 1 AS TIMESTAMP) > $at
    UNION
    SELECT CAST(due_on + 1 AS TIMESTAMP)
    FROM round
    WHERE
        notice_key = $notice_key
        AND round_id = $round_id
        AND CAST(due_on + 1 AS TIMESTAMP) > $at
)

SELECT
    valid_from,
    CAST(valid_from AS DATE) AS as_of_on,
    LEAD(valid_from, 1, TIMESTAMP '9999-12-31') OVER (ORDER BY valid_from) AS valid_to
FROM turning;
