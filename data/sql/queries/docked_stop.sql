-- query:  docked_stop
-- asks:   to whom nothing may be paid any more, and since when
-- grain:  one row per row of a current export
-- unit:   none
-- params: none; reads current_export
SELECT
    r.export_no,
    r.line_no,
    e.file_name,
    r.recipient_id,
    r.person_hash,
    r.aid_kind,
    r.stopped_on,
    r.stop_word
FROM payout_stop AS r
JOIN current_export AS e ON e.export_no = r.export_no;
