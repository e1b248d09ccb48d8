-- query:  docked_standard
-- asks:   what a person may be given a month, by unit and kind of aid, and from when
-- grain:  one row per row of a current export
-- unit:   元 a person and month
-- params: none; reads current_export
SELECT
    r.export_no,
    r.line_no,
    e.file_name,
    r.recipient_id,
    r.aid_kind,
    r.from_on,
    r.standard_yuan,
    r.is_fixed
FROM benefit_standard AS r
JOIN current_export AS e ON e.export_no = r.export_no;
