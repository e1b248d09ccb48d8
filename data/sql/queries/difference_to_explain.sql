-- query:  difference_to_explain
-- asks:   whose a difference is, whether it still stands, and what was last said of it
-- grain:  one row, or none
-- unit:   none
-- params: $difference_no
SELECT
    d.recipient_id,
    d.document_number,
    d.mended_at,
    COALESCE(
        (SELECT ARG_MAX(n.note_text, n.note_no) FROM difference_note AS n WHERE n.difference_no = d.difference_no), ''
    ) AS note_text,
    (SELECT COALESCE(MAX(n.note_no), 0) FROM difference_note AS n) AS newest_note_no
FROM difference AS d
WHERE d.difference_no = $difference_no;
