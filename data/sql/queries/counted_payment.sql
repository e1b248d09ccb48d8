-- query:  counted_payment
-- asks:   which payments of the notice's money each system holds, a row that stands there twice once
-- grain:  one row per system and payment; check P17 names what stands there twice
-- unit:   元
-- params: none; reads docked_payment
SELECT *
FROM docked_payment
WHERE is_of_notice
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY
            system_name, recipient_id, document_number, payment_key, amount_yuan, paid_on, budget_item_code,
            CASE WHEN payment_key = '' THEN export_no END,
            CASE WHEN payment_key = '' THEN line_no END
        ORDER BY export_no, line_no
    ) = 1;
