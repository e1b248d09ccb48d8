-- query:  money_allotment
-- asks:   which registered rows count: of this money, registered up to the day asked about
-- grain:  one row per row of an export; a row without any date counts, for its export was there on that day
-- unit:   元
-- params: none; reads docked_allotment, money_docked, asked
SELECT
    r.*,
    COALESCE(r.registered_on, r.dated_on) AS counted_on
FROM docked_allotment AS r
JOIN money_docked AS d
    ON d.recipient_id = r.recipient_id AND d.record_kind = 'allotment' AND d.system_name = r.system_name
CROSS JOIN asked AS a
WHERE r.is_of_notice AND COALESCE(r.registered_on, r.dated_on, a.as_of_on) <= a.as_of_on;
