-- query:  state_change
-- asks:   which indicator went from one state to another, or was given other points by a reviewer: when and why
-- grain:  one row per change of a recipient on an indicator
-- unit:   micro-points
-- params: none; reads score_event (one row per kept score and per review; review_no is 0 for a score; reported_key is
--         what the unit reported, as one text)
-- rule:   a unit's indicator is followed through the rounds in the order of their periods, and within a round in
--         the order of time. What differs between the two scores is named, all of it: target, rule or weight,
--         receipt, report; a review is its own event. What nothing explains came by time alone.
-- except: states in which nothing was reported and nothing has lapsed (not due, no receipt yet, a clock that has not
--         begun) are passed over: they neither begin a change nor are one. What lapses from 未到期 is a change.
WITH ordered AS (
    SELECT
        e.*,
        ROW_NUMBER() OVER in_round AS event_no,
        LAG(e.state) OVER in_round AS last_state
    FROM score_event AS e
    WINDOW in_round AS (PARTITION BY e.recipient_id, e.indicator_no, e.round_id ORDER BY e.happened_at, e.review_no)
),

told AS (
    SELECT *
    FROM ordered
    WHERE score_micro IS NOT NULL OR report_id IS NOT NULL OR state = 'not_reported'
),

chained AS (
    SELECT
        t.*,
        LAG(t.round_id) OVER chain AS old_round_id,
        LAG(t.round_name) OVER chain AS old_round_name,
        LAG(t.state) OVER chain AS chain_state,
        LAG(t.score_micro) OVER chain AS old_micro,
        LAG(t.reported_key) OVER chain AS old_reported_key,
        LAG(t.target_version) OVER chain AS old_target_version,
        LAG(t.rule_version) OVER chain AS old_rule_version,
        LAG(t.weight_micro) OVER chain AS old_weight_micro,
        LAG(t.due_on) OVER chain AS old_due_on,
        LAG(t.done_on) OVER chain AS old_done_on
    FROM told AS t
    WINDOW chain AS (PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no)
),

compared AS (
    SELECT
        c.*,
        CASE
            WHEN old_round_id IS NOT NULL THEN chain_state
            WHEN last_state = 'not_due' AND report_id IS NULL AND done_on IS NULL THEN 'not_due'
        END AS old_state,
        old_round_id IS NOT NULL AND target_version <> old_target_version AS is_other_target,
        old_round_id IS NOT NULL AND (rule_version <> old_rule_version OR weight_micro <> old_weight_micro)
            AS is_other_rule,
        old_round_id IS NOT NULL AND entry_kind = 'from_receipt'
        AND (done_on IS DISTINCT FROM old_done_on OR due_on IS DISTINCT FROM old_due_on) AS is_other_receipt,
        -- In a new round a figure that is not there yet was not changed; within a round it was taken back.
        old_round_id IS NOT NULL AND (report_id IS NOT NULL OR old_round_id = round_id)
        AND reported_key IS DISTINCT FROM old_reported_key AS is_other_report
    FROM chained AS c
)

SELECT
    happened_at,
    recipient_id,
    recipient_name,
    indicator_no,
    short_name,
    round_id,
    round_name,
    CASE WHEN old_round_id <> round_id THEN old_round_name ELSE '' END AS old_round_name,
    old_state,
    state AS new_state,
    old_micro,
    score_micro AS new_micro,
    weight_micro,
    CASE
        WHEN review_no > 0 THEN 'review'
        WHEN is_other_target OR is_other_rule OR is_other_receipt OR is_other_report
            THEN CONCAT_WS(
                ',',
                CASE WHEN is_other_report THEN 'value_changed' END,
                CASE WHEN is_other_target THEN 'target_changed' END,
                CASE WHEN is_other_rule THEN 'rule_changed' END,
                CASE WHEN is_other_receipt THEN 'receipt_changed' END
            )
        ELSE 'time_passed'
    END AS causes,
    report_version,
    submitted_by,
    review_reason
FROM compared
WHERE
    old_state IS NOT NULL
    AND (old_state <> state OR (review_no > 0 AND score_micro IS DISTINCT FROM old_micro))
ORDER BY happened_at DESC, display_no, indicator_no, review_no DESC;
