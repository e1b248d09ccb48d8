-- query:  receipts
-- asks:   which steps of which unit were recorded up to a moment, by whom: the unit itself or the prefecture for it
-- grain:  one row per record; nothing is overwritten
-- unit:   元
-- params: $document_number, $as_of
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
    CASE WHEN l.actor_recipient_id = r.recipient_id THEN 'unit' ELSE 'prefecture' END AS confirmed_by
FROM receipt AS r
LEFT JOIN recipient AS u ON u.recipient_id = r.recipient_id
LEFT JOIN (
    SELECT
        subject_text,
        happened_at,
        actor_name,
        MAX(actor_recipient_id) AS actor_recipient_id
    FROM audit_log
    WHERE action_name = 'record_receipt'
    GROUP BY subject_text, happened_at, actor_name
) AS l
    ON l.subject_text = r.document_number || ' ' || r.recipient_id
    AND l.happened_at = r.recorded_at
    AND l.actor_name = r.recorded_by
WHERE r.document_number = $document_number AND r.recorded_at <= $as_of
ORDER BY r.recorded_at DESC, u.display_no;
