-- query:  standard_in_force
-- asks:   from which month up to which each unit's standard of a kind of aid holds
-- grain:  one row per standard that a unit's export states
-- unit:   元 a person and month
-- params: none; reads docked_standard
-- rule:   a standard holds from its day until the next one of the same unit and kind; of one day the last stated holds
-- empty:  until_on is NULL for the newest one
SELECT
    recipient_id,
    aid_kind,
    standard_yuan,
    is_fixed,
    from_on,
    LEAD(from_on) OVER (PARTITION BY recipient_id, aid_kind ORDER BY from_on, export_no, line_no) AS until_on
FROM docked_standard;
