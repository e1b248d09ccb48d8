-- query:  counted_allotment
-- asks:   which budget allotments of the notice's money each system holds, a row that stands there twice once
-- grain:  one row per system and budget allotment; check R09 names what stands there twice
-- unit:   元
-- params: none; reads docked_allotment
SELECT *
FROM docked_allotment
WHERE is_of_notice
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY
            system_name, recipient_id, document_number, allotment_key, amount_yuan, registered_on, budget_item_code,
            CASE WHEN allotment_key = '' THEN export_no END,
            CASE WHEN allotment_key = '' THEN line_no END
        ORDER BY export_no, line_no
    ) = 1;
