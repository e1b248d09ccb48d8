-- query:  inquiry_consequences
-- asks:   what 问效单 came to against the money of units, and what of it was lifted, as known at a moment
-- grain:  one row per consequence, the newest first
-- unit:   元; amount_yuan is empty for next_year
-- params: $document_number (one notice; empty for all), $as_of
SELECT
    c.consequence_no,
    c.inquiry_no,
    q.document_number,
    q.recipient_id,
    u.recipient_name,
    u.short_name AS recipient_short_name,
    c.consequence_kind,
    c.amount_yuan,
    c.factor_text,
    c.legal_keys,
    c.consequence_reason,
    c.decided_at,
    c.decided_by,
    l.lifted_at,
    COALESCE(l.lifted_by, '') AS lifted_by,
    COALESCE(l.lift_reason, '') AS lift_reason
FROM consequence AS c
JOIN inquiry AS q ON q.inquiry_no = c.inquiry_no
JOIN recipient AS u ON u.recipient_id = q.recipient_id
LEFT JOIN consequence_lift AS l ON l.consequence_no = c.consequence_no AND l.lifted_at <= $as_of
WHERE $document_number IN ('', q.document_number) AND c.decided_at <= $as_of
ORDER BY c.consequence_no DESC;
