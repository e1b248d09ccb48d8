-- query:  newest_export_no
-- asks:   what number the last loaded export has
-- grain:  one row
-- unit:   none
-- params: none
SELECT COALESCE(MAX(export_no), 0) AS export_no
FROM docked_export;
