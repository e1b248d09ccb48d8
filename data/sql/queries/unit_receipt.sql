-- query:  unit_receipt
-- asks:   when each unit received each notice, by when that asks it to register, what it says that it imported
-- grain:  one row per notice and unit with a recorded step
-- unit:   元; due_on is empty where the receipt or the calendar of the year is not known
-- params: none; reads register_clock (duty_clock.sql over register_duty)
SELECT
    document_number,
    recipient_id,
    counted_from_on AS received_on,
    due_on,
    imported_on,
    imported_yuan
FROM register_clock;
