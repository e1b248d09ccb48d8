-- query:  lake_shown_round
-- asks:   which round of each notice stands for it in the nation's tables
-- grain:  one row per notice
-- unit:   none
-- params: none; reads notice_round
-- rule:   the newest round whose reports were due by the day of the push; where none was due yet, the newest of all
WITH placed AS (
    SELECT
        document_number,
        round_id,
        ROW_NUMBER() OVER (
            PARTITION BY document_number
            ORDER BY CASE WHEN due_on < as_of_on THEN 0 ELSE 1 END, period_end_on DESC, round_id DESC
        ) AS place_no
    FROM notice_round
)

SELECT
    document_number,
    round_id
FROM placed
WHERE place_no = 1;
