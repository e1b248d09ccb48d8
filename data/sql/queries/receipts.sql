-- query:  receipts
-- asks:   which steps of which unit were recorded up to a moment, by whom: the unit itself or the prefecture for it
-- grain:  one row per record; nothing is overwritten
-- unit:   元
-- params: $notice_key, $as_of
SELECT
    r.recipient_id,
    COALESCE(u.recipient_name, '州本级') AS recipient_name,
    r.receipt_step,
    r.happened_at,
    r.amount_yuan,
    r.marker_text,
    r.evidence_text,
    r.recorded_at,
    r.recorded_by,
    CASE WHEN r.actor_recipient_id = r.recipient_id THEN 'unit' ELSE 'prefecture' END AS confirmed_by
FROM receipt AS r
LEFT JOIN recipient AS u ON u.recipient_id = r.recipient_id
WHERE r.notice_key = $notice_key AND r.recorded_at <= $as_of
ORDER BY r.recorded_at DESC, u.display_no, r.receipt_no DESC;
