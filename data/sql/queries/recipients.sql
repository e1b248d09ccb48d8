-- query:  recipients
-- asks:   which units the workspace knows
-- grain:  one row per recipient
-- unit:   none
-- params: none
SELECT
    recipient_id,
    recipient_name,
    short_name,
    recipient_kind,
    division_code,
    display_no
FROM recipient
ORDER BY display_no;
