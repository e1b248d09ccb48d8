-- query:  inquiry_response
-- asks:   how many 问效单 each unit was asked, answered, answered in time, has open and closed
-- grain:  one row per unit that was ever asked
-- unit:   counts of inquiries; the response rate is answered_count over due_count, the rate in time on_time_count over
--         due_count
-- params: none; reads inquiry_standing
-- rule:   what may still be answered and is not yet due counts in no rate: due_count leaves it out. What was due and
--         not answered stays due, whether more time is given or the matter is referred
SELECT
    recipient_id,
    recipient_name,
    recipient_short_name,
    display_no,
    CAST(COUNT(*) AS BIGINT) AS asked_count,
    CAST(SUM(CASE WHEN is_answer_due THEN 1 ELSE 0 END) AS BIGINT) AS due_count,
    CAST(SUM(CASE WHEN answered_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS answered_count,
    CAST(SUM(CASE WHEN is_answered_on_time THEN 1 ELSE 0 END) AS BIGINT) AS on_time_count,
    CAST(SUM(CASE WHEN inquiry_state <> 'closed' THEN 1 ELSE 0 END) AS BIGINT) AS open_count,
    CAST(SUM(CASE WHEN inquiry_state = 'closed' THEN 1 ELSE 0 END) AS BIGINT) AS closed_count
FROM inquiry_standing
GROUP BY recipient_id, recipient_name, recipient_short_name, display_no
ORDER BY display_no;
