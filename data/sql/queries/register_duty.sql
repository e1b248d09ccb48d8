-- query:  register_duty
-- asks:   by when a unit that received a notice has to register it, and what it says that it imported
-- grain:  one row per notice and unit with a recorded step, in the shape of duty_input
-- unit:   元; working days
-- params: $as_of; reads monitor_limit
WITH newest AS (
    SELECT
        document_number,
        recipient_id,
        receipt_step,
        clock_day(happened_at) AS happened_on,
        amount_yuan
    FROM receipt
    WHERE recorded_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY document_number, recipient_id, receipt_step ORDER BY receipt_no DESC) = 1
)

SELECT
    u.document_number,
    u.recipient_id,
    r.happened_on AS counted_from_on,
    l.register_days AS working_day_count,
    CAST(NULL AS INTEGER) AS calendar_day_count,
    CAST(NULL AS DATE) AS fixed_due_on,
    CAST(NULL AS DATE) AS attempted_on,
    CAST(NULL AS DATE) AS done_on,
    FALSE AS is_empty,
    CAST($as_of AS DATE) AS as_of_on,
    i.happened_on AS imported_on,
    i.amount_yuan AS imported_yuan
FROM (SELECT DISTINCT n.document_number, n.recipient_id FROM newest AS n) AS u
CROSS JOIN monitor_limit AS l
LEFT JOIN newest AS r
    ON r.document_number = u.document_number AND r.recipient_id = u.recipient_id AND r.receipt_step = 'received'
LEFT JOIN newest AS i
    ON i.document_number = u.document_number AND i.recipient_id = u.recipient_id AND i.receipt_step = 'imported';
