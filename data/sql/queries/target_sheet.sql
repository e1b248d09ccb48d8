-- query:  target_sheet
-- asks:   what the head of a notice's target sheet says
-- grain:  one row per notice with a target sheet
-- unit:   元; empty where the sheet leaves it blank
-- params: $notice_key
SELECT
    document_number,
    line_no,
    annual_amount_yuan,
    central_subsidy_yuan,
    local_subsidy_yuan,
    annual_objective
FROM target_sheet
WHERE notice_key = $notice_key;
