-- query:  known_difference
-- asks:   what the sources of a notice's money were known to disagree in at a moment, and in which state each was
-- grain:  one row per difference opened by then
-- unit:   元; stake_yuan is the money at stake: the gap of two amounts, else the money that is missing or differs
-- params: $document_number, $as_of; reads fund_document
WITH noted AS (
    SELECT difference_no, note_text, noted_at, noted_by
    FROM difference_note
    WHERE noted_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY difference_no ORDER BY note_no DESC) = 1
)

SELECT
    d.difference_no,
    d.document_number,
    d.recipient_id,
    COALESCE(u.recipient_name, d.recipient_id) AS recipient_name,
    COALESCE(u.short_name, d.recipient_id) AS recipient_short_name,
    u.display_no,
    d.record_kind,
    d.budget_item_code,
    d.marker_text,
    d.pay_month,
    d.aid_kind,
    d.difference_kind,
    d.left_source,
    d.right_source,
    d.left_yuan,
    d.right_yuan,
    d.left_count,
    d.right_count,
    d.left_text,
    d.right_text,
    d.left_place_text,
    d.right_place_text,
    CASE
        WHEN d.difference_kind IN ('missing', 'extra', 'amount')
            THEN ABS(COALESCE(d.left_yuan, 0) - COALESCE(d.right_yuan, 0))
        ELSE ABS(COALESCE(d.left_yuan, d.right_yuan))
    END AS stake_yuan,
    CASE WHEN d.difference_kind <> 'unstated' THEN COALESCE(d.right_yuan, 0) - COALESCE(d.left_yuan, 0) END AS gap_yuan,
    d.opened_at,
    CASE WHEN d.mended_at <= $as_of THEN d.mended_at END AS mended_at,
    CASE
        WHEN d.mended_at <= $as_of THEN 'mended'
        WHEN COALESCE(n.note_text, '') <> '' THEN 'explained'
        ELSE 'open'
    END AS difference_state,
    COALESCE(n.note_text, '') AS note_text,
    n.noted_at,
    COALESCE(n.noted_by, '') AS noted_by
FROM difference AS d
LEFT JOIN recipient AS u ON u.recipient_id = d.recipient_id
LEFT JOIN noted AS n ON n.difference_no = d.difference_no
WHERE
    d.opened_at <= $as_of
    AND (
        d.document_number = $document_number
        OR (d.left_source <> 'notice' AND d.document_number IN (SELECT f.document_number FROM fund_document AS f))
    )
ORDER BY
    CASE WHEN d.mended_at <= $as_of THEN 2 WHEN COALESCE(n.note_text, '') <> '' THEN 1 ELSE 0 END,
    stake_yuan DESC, u.display_no, d.difference_no;
