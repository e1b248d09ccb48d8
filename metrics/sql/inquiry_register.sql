-- query:  inquiry_register
-- asks:   which 问效单 are overdue, by how many working days, and which step of the ladder is due
-- grain:  one row per row of inquiry_standing
-- unit:   working days
-- params: none; reads inquiry_standing, working_day (calendar_day, ordinal, next_ordinal) and monitor_limit (one row
--         with the limits of the ladder)
-- rule:   only who has to answer or to rectify can be late; the due day is day 0. The step is the highest whose days
--         after the due day have passed: 提醒, 催办, 通报, 约谈. There is ground for a consequence against
--         the money where the matter was found to be so, is overdue, or was referred because it was
-- empty:  due_on where the unit owes nothing; late_days where nothing is late, or the days are not in working_day
WITH owed AS (
    SELECT
        n.*,
        n.inquiry_state IN ('awaiting_answer', 'rectifying') AS is_owed
    FROM inquiry_standing AS n
),

counted AS (
    SELECT
        o.*,
        CASE
            WHEN o.is_owed AND o.as_of_on > o.due_on AND today.next_ordinal > due.ordinal
                THEN today.next_ordinal - due.ordinal
        END AS days_late
    FROM owed AS o
    LEFT JOIN working_day AS due ON due.calendar_day = o.due_on
    LEFT JOIN working_day AS today ON today.calendar_day = o.as_of_on
)

SELECT
    c.inquiry_no,
    c.document_number,
    c.round_id,
    c.recipient_id,
    c.recipient_name,
    c.recipient_short_name,
    c.display_no,
    c.indicator_no,
    c.indicator_short_name,
    c.rule_key,
    c.is_audit_rectification,
    c.question_text,
    c.fact_text,
    c.inquiry_state,
    c.owner_name,
    CASE WHEN c.is_owed THEN c.due_on END AS due_on,
    COALESCE(c.is_owed AND c.as_of_on > c.due_on, FALSE) AS is_overdue,
    c.days_late AS late_days,
    CASE
        WHEN c.days_late >= m.inquiry_talk_days THEN 'talk'
        WHEN c.days_late >= m.inquiry_circulate_days THEN 'circulate'
        WHEN c.days_late >= m.inquiry_urge_days THEN 'urge'
        WHEN c.days_late >= m.inquiry_remind_days THEN 'remind'
        ELSE ''
    END AS ladder_step,
    c.is_circulated,
    c.is_talked,
    c.judgement,
    c.judgement = 'upheld'
    OR COALESCE(c.is_owed AND c.as_of_on > c.due_on, FALSE)
    OR (c.judgement = '' AND c.inquiry_state IN ('referred', 'closed')) AS has_ground,
    c.opened_at,
    c.opened_by,
    c.answered_at,
    c.answer_due_on,
    c.is_answered_on_time,
    c.changed_at,
    c.closed_at,
    c.closing_text,
    c.newest_step_no,
    c.as_of_on
FROM counted AS c
CROSS JOIN monitor_limit AS m
ORDER BY c.inquiry_no DESC;
