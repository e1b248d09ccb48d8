-- query:  money_payment
-- asks:   which payments count: of this money, paid up to the day asked about; what came back is negative
-- grain:  one row per row of an export
-- unit:   元
-- params: none; reads docked_payment, money_docked, asked
SELECT r.*
FROM docked_payment AS r
JOIN money_docked AS d
    ON d.recipient_id = r.recipient_id AND d.record_kind = 'payment' AND d.system_name = r.system_name
CROSS JOIN asked AS a
WHERE r.is_of_notice AND r.paid_on <= a.as_of_on;
