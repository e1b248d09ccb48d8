-- query:  inquiry_standing
-- asks:   which 问效单 were answered, by which due day that is judged, whether in time, and what was done on the ladder
-- grain:  one row per row of inquiry_now
-- unit:   none
-- params: none; reads inquiry_now and inquiry_step_day (one row per step: done_on, due_on)
-- rule:   the first answer counts, as with reports: what is returned and answered anew does not make it late. It is
--         held against the due day that stood before any extension given after that day was over: more time does not
--         undo lateness. Who is referred without an answer had it due if the referral came after that day. What was
--         circulated or talked about stays on record until another duty begins, whatever extensions are given
-- empty:  answered_at and is_answered_on_time before the first answer
WITH numbered AS (
    SELECT
        s.inquiry_no,
        s.step_no,
        s.inquiry_step,
        s.done_on,
        s.due_on,
        MAX(CASE WHEN s.due_on IS NOT NULL THEN s.step_no END) OVER (
            PARTITION BY s.inquiry_no ORDER BY s.step_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS held_step_no
    FROM inquiry_step_day AS s
),

late_extension AS (
    SELECT
        e.inquiry_no,
        MIN(e.step_no) AS step_no
    FROM numbered AS e
    JOIN numbered AS held ON held.inquiry_no = e.inquiry_no AND held.step_no = e.held_step_no
    WHERE e.inquiry_step = 'extended' AND e.done_on > held.due_on
    GROUP BY e.inquiry_no
),

newest AS (
    SELECT
        inquiry_no,
        MIN(CASE WHEN inquiry_step = 'answered' THEN step_no END) AS answer_step_no,
        MIN(CASE WHEN inquiry_step = 'referred' THEN done_on END) AS referred_on,
        MAX(CASE WHEN due_on IS NOT NULL AND inquiry_step <> 'extended' THEN step_no END) AS duty_step_no,
        MAX(CASE WHEN inquiry_step = 'circulated' THEN step_no END) AS circulated_step_no,
        MAX(CASE WHEN inquiry_step = 'talked' THEN step_no END) AS talked_step_no
    FROM inquiry_step_day
    GROUP BY inquiry_no
),

judged AS (
    SELECT
        s.inquiry_no,
        MAX(s.step_no) AS step_no
    FROM inquiry_step_day AS s
    JOIN newest AS n ON n.inquiry_no = s.inquiry_no
    LEFT JOIN late_extension AS e ON e.inquiry_no = s.inquiry_no
    WHERE
        s.due_on IS NOT NULL
        AND (n.answer_step_no IS NULL OR s.step_no < n.answer_step_no)
        AND (e.step_no IS NULL OR s.step_no < e.step_no)
    GROUP BY s.inquiry_no
)

SELECT
    q.*,
    answer.happened_at AS answered_at,
    due.due_on AS answer_due_on,
    answer.done_on <= due.due_on AS is_answered_on_time,
    COALESCE(answer.step_no IS NOT NULL OR COALESCE(n.referred_on, q.as_of_on) > due.due_on, FALSE) AS is_answer_due,
    COALESCE(n.circulated_step_no > n.duty_step_no, FALSE) AS is_circulated,
    COALESCE(n.talked_step_no > n.duty_step_no, FALSE) AS is_talked
FROM inquiry_now AS q
JOIN newest AS n ON n.inquiry_no = q.inquiry_no
LEFT JOIN inquiry_step_day AS answer ON answer.inquiry_no = n.inquiry_no AND answer.step_no = n.answer_step_no
LEFT JOIN judged AS j ON j.inquiry_no = q.inquiry_no
LEFT JOIN inquiry_step_day AS due ON due.inquiry_no = j.inquiry_no AND due.step_no = j.step_no;
