-- query:  newest_reports
-- asks:   which version of each unit's report of a round is the newest, and its state
-- grain:  one row per unit that ever reported
-- unit:   none
-- params: $notice_key, $round_id
SELECT
    r.recipient_id,
    r.report_id,
    r.report_version,
    e.report_state
FROM report AS r
LEFT JOIN report_event AS e ON e.notice_key = r.notice_key AND e.report_id = r.report_id
WHERE r.notice_key = $notice_key AND r.round_id = $round_id
QUALIFY ROW_NUMBER() OVER (PARTITION BY r.recipient_id ORDER BY r.report_version DESC, e.event_no DESC) = 1;
