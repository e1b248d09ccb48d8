-- query:  effect_path
-- asks:   which of the five states was each unit in round by round, and from where did it come
-- grain:  one row per row of effect_of_round
-- unit:   as effect; level_no: 2 both sides as they should be, 1 one side behind, 0 both behind
-- params: none; reads effect_of_round (rows of effect_shown.sql of several rounds, each judged by the rules of its own
--         round), effect_round (round_no counts the rounds in the order of their periods, from 1), unit_money, rule
-- rule:   the round before is the one before in the calendar, whether or not the unit reported in it; a unit that
--         had nothing to report there and reported nothing was not in it. Money without effect and effect without
--         money are two kinds of being half behind: no order between them is laid down, so going from one to the
--         other is neither worse nor better.
-- empty:  before_ columns are NULL in the first round and for a unit that was not in the round before; move_kind is
--         '' in the first round. level_no is NULL where a unit cannot be judged.
WITH told AS (
    SELECT
        e.*,
        o.round_no,
        o.round_name,
        o.period_end_on,
        r.elapsed_tolerance_micro,
        r.effect_from_micro,
        e.weight_micro > 0 OR e.is_reported AS has_part,
        CASE e.effect_state
            WHEN 'effective' THEN 2
            WHEN 'money_without_effect' THEN 1
            WHEN 'effect_ahead_of_money' THEN 1
            WHEN 'both_behind' THEN 0
        END AS level_no
    FROM effect_of_round AS e
    JOIN effect_round AS o ON o.round_id = e.round_id
    JOIN rule AS r ON r.rule_version = e.rule_version
),

paired AS (
    SELECT
        t.*,
        u.recipient_name,
        u.recipient_short_name,
        u.display_no,
        b.effect_state AS before_state,
        b.level_no AS before_level_no,
        b.is_reported AS before_is_reported,
        b.paid_yuan AS before_paid_yuan,
        b.after_yuan AS before_after_yuan,
        b.elapsed_days AS before_elapsed_days,
        b.year_days AS before_year_days,
        b.score_micro AS before_score_micro,
        b.scored_weight_micro AS before_scored_weight_micro,
        b.is_over_unexplained AS before_is_over_unexplained
    FROM told AS t
    JOIN unit_money AS u ON u.recipient_id = t.recipient_id
    LEFT JOIN told AS b ON b.recipient_id = t.recipient_id AND b.round_no = t.round_no - 1 AND b.has_part
),

moved AS (
    SELECT
        p.*,
        CASE
            WHEN round_no = 1 THEN ''
            WHEN before_state IS NULL THEN 'joined'
            WHEN level_no IS NULL AND before_level_no IS NULL THEN 'still_unknown'
            WHEN level_no IS NULL THEN 'silenced'
            WHEN before_level_no IS NULL THEN 'told'
            WHEN effect_state = before_state THEN 'same'
            WHEN level_no < before_level_no THEN 'worse'
            WHEN level_no > before_level_no THEN 'better'
            ELSE 'sideways'
        END AS move_kind
    FROM paired AS p
)

SELECT
    m.*,
    -- The worst first: who fell, who fell silent, who stays behind; who is and was as it should be comes last.
    CASE
        WHEN move_kind = 'worse' THEN 1
        WHEN move_kind = 'silenced' THEN 2
        WHEN move_kind = 'still_unknown' THEN 3
        WHEN move_kind = 'sideways' THEN 4
        WHEN move_kind = 'same' AND level_no < 2 THEN 5
        WHEN move_kind = 'joined' THEN 6
        WHEN move_kind = 'told' THEN 7
        WHEN move_kind = 'better' THEN 8
        ELSE 9
    END AS move_order
FROM moved AS m
ORDER BY
    round_no,
    move_order,
    CASE WHEN move_kind = 'worse' THEN level_no - before_level_no ELSE 0 END,
    COALESCE(level_no, -1),
    display_no,
    recipient_id;
