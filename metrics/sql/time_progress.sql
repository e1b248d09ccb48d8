-- query:  time_progress
-- asks:   whether a total that has to be reached by the end of the year keeps up with the days gone
-- grain:  one row per recipient and indicator that is such a total and was judged, before the year ends
-- unit:   days
-- params: none; reads score_of_round (one row per recipient and indicator: rollup_method, scored_kind, achieved,
--         required) and round_year (one row: elapsed_days, year_days)
-- rule:   behind if achieved / required < elapsed_days / year_days, multiplied out on exact decimals
-- except: a total with a ceiling is not to be reached: being far from it is no falling behind
SELECT
    s.recipient_id,
    s.indicator_no,
    y.elapsed_days,
    y.year_days,
    CAST(s.achieved AS DECIMAL(30, 8)) * CAST(y.year_days AS DECIMAL(4, 0))
    < CAST(s.required AS DECIMAL(30, 8)) * CAST(y.elapsed_days AS DECIMAL(4, 0)) AS is_behind_time
FROM score_of_round AS s
CROSS JOIN round_year AS y
WHERE
    s.rollup_method = 'sum'
    AND s.scored_kind IN ('at_least', 'more_than', 'not_below_last_year', 'increase_over_last_year')
    AND s.required > 0
    AND y.elapsed_days < y.year_days
ORDER BY s.recipient_id, s.indicator_no;
