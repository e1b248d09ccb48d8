-- query:  difference_history
-- asks:   what became of a difference: opened, explained, taken back, mended
-- grain:  one row per event up to the moment, the oldest first
-- unit:   none
-- params: $difference_no, $as_of
SELECT d.recipient_id, 'opened' AS event_kind, d.opened_at AS happened_at, '' AS done_by, '' AS note_text
FROM difference AS d
WHERE d.difference_no = $difference_no AND d.opened_at <= $as_of
UNION ALL
SELECT
    d.recipient_id,
    CASE WHEN n.note_text = '' THEN 'taken_back' ELSE 'explained' END,
    n.noted_at,
    n.noted_by,
    n.note_text
FROM difference_note AS n
JOIN difference AS d ON d.difference_no = n.difference_no
WHERE n.difference_no = $difference_no AND n.noted_at <= $as_of
UNION ALL
SELECT d.recipient_id, 'mended', d.mended_at, '', ''
FROM difference AS d
WHERE d.difference_no = $difference_no AND d.mended_at <= $as_of
ORDER BY
    happened_at,
    CASE event_kind WHEN 'opened' THEN 0 WHEN 'mended' THEN 2 ELSE 1 END;
