-- query:  state_change
-- asks:   which indicator went from one state to another, or was given other points by a reviewer: when and why
-- grain:  one row per change of a recipient on an indicator
-- unit:   micro-points
-- params: none; reads score_event (one row per kept score and per review; review_no is 0 for a score)
-- rule:   a unit's indicator is followed through the rounds in the order of their periods, and within a round in
--         the order of time. Of several causes the first counts: review, target, rule or weight, receipt, report;
--         what none of them explains came by time alone.
-- except: states in which nothing was reported and nothing has lapsed (not due, no receipt yet, a clock that has not
--         begun) are passed over: they neither begin a change nor are one. What lapses from 未到期 is a change.
WITH ordered AS (
    SELECT
        e.*,
        ROW_NUMBER() OVER (
            PARTITION BY e.recipient_id, e.indicator_no, e.round_id ORDER BY e.happened_at, e.review_no
        ) AS event_no,
        LAG(e.state) OVER (
            PARTITION BY e.recipient_id, e.indicator_no, e.round_id ORDER BY e.happened_at, e.review_no
        ) AS last_state
    FROM score_event AS e
),

told AS (
    SELECT *
    FROM ordered
    WHERE score_micro IS NOT NULL OR report_id IS NOT NULL OR state = 'not_reported'
),

chained AS (
    SELECT
        t.*,
        LAG(t.round_id) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_round_id,
        LAG(t.round_name) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_round_name,
        LAG(t.state) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS chain_state,
        LAG(t.score_micro) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_micro,
        LAG(t.report_id) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_report_id,
        LAG(t.target_version) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_target_version,
        LAG(t.rule_version) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_rule_version,
        LAG(t.weight_micro) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_weight_micro,
        LAG(t.due_on) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_due_on,
        LAG(t.done_on) OVER (
            PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.period_end_on, t.round_id, t.event_no
        ) AS old_done_on
    FROM told AS t
),

caused AS (
    SELECT
        c.*,
        CASE
            WHEN old_round_id IS NOT NULL THEN chain_state
            WHEN last_state = 'not_due' AND report_id IS NULL AND done_on IS NULL THEN 'not_due'
        END AS old_state,
        CASE
            WHEN review_no > 0 THEN 'review'
            WHEN old_round_id IS NULL THEN 'time_passed'
            WHEN target_version <> old_target_version THEN 'target_changed'
            WHEN rule_version <> old_rule_version OR weight_micro <> old_weight_micro THEN 'rule_changed'
            WHEN
                entry_kind = 'from_receipt'
                AND (done_on IS DISTINCT FROM old_done_on OR due_on IS DISTINCT FROM old_due_on)
                THEN 'receipt_changed'
            WHEN report_id IS NOT NULL AND report_id IS DISTINCT FROM old_report_id THEN 'value_changed'
            ELSE 'time_passed'
        END AS cause
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
    cause,
    report_version,
    submitted_by,
    review_reason
FROM caused
WHERE
    old_state IS NOT NULL
    AND (old_state <> state OR (cause = 'review' AND score_micro IS DISTINCT FROM old_micro))
ORDER BY happened_at DESC, display_no, indicator_no, review_no DESC;
