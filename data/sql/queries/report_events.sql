-- query:  report_events
-- asks:   what happened to each version of one unit's report of a round, as known at a moment
-- grain:  one row per event, the newest first
-- unit:   none
-- params: $notice_key, $round_id, $recipient_id, $as_of
SELECT
    e.event_no,
    r.recipient_id,
    r.report_id,
    r.report_version,
    e.report_state,
    e.event_reason,
    e.happened_at,
    e.done_by
FROM report_event AS e
JOIN report AS r ON r.notice_key = e.notice_key AND r.report_id = e.report_id
WHERE
    r.notice_key = $notice_key
    AND r.round_id = $round_id
    AND r.recipient_id = $recipient_id
    AND e.happened_at <= $as_of
ORDER BY e.event_no DESC;
