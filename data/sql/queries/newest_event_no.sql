-- query:  newest_event_no
-- asks:   the number of the newest event of any report
-- grain:  one row
-- unit:   none; 0 before the first event
-- params: none
SELECT COALESCE((SELECT event_no FROM report_event ORDER BY event_no DESC LIMIT 1), 0) AS event_no;
