-- query:  notice_fact
-- asks:   what the notice itself says of its money: when, of which year, under which marker
-- grain:  one row; none where the notice is not published
-- unit:   none
-- params: $document_number
SELECT
    document_number,
    dated_on,
    fiscal_year,
    COALESCE(direct_fund_marker, '') AS marker_text
FROM notice
WHERE document_number = $document_number;
