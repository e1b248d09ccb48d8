-- query:  unit_receipt
-- asks:   when each unit received the notice, by when that asks it to register, what it says that it imported
-- grain:  one row per unit with a recorded step
-- unit:   元; due_on is empty where the receipt or the calendar of the year is not known
-- params: $document_number, $as_of; reads monitor_limit
WITH newest AS (
    SELECT
        recipient_id,
        receipt_step,
        CAST(happened_at AS DATE) AS happened_on,
        amount_yuan
    FROM receipt
    WHERE document_number = $document_number AND recorded_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY recipient_id, receipt_step ORDER BY receipt_no DESC) = 1
),

-- The workspace's own region where its days are counted, else the nation.
day AS (
    SELECT
        calendar_day,
        ordinal,
        is_working
    FROM working_day
    WHERE
        region_code = COALESCE(
            (
                SELECT s.setting_value
                FROM workspace_setting AS s
                WHERE s.setting_key = 'region_code' AND s.setting_value IN (SELECT w.region_code FROM working_day AS w)
            ),
            ''
        )
)

SELECT
    u.recipient_id,
    r.happened_on AS received_on,
    due.calendar_day AS due_on,
    i.happened_on AS imported_on,
    i.amount_yuan AS imported_yuan
FROM (SELECT DISTINCT n.recipient_id FROM newest AS n) AS u
CROSS JOIN monitor_limit AS l
LEFT JOIN newest AS r ON r.recipient_id = u.recipient_id AND r.receipt_step = 'received'
LEFT JOIN newest AS i ON i.recipient_id = u.recipient_id AND i.receipt_step = 'imported'
LEFT JOIN day AS got ON got.calendar_day = r.happened_on
-- The day of receipt is day 0; the last of the working days is still in time.
LEFT JOIN day AS due ON due.is_working AND due.ordinal = got.ordinal + l.register_days;
