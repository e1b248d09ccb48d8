-- query:  notice_fact
-- asks:   what the notice itself says of its money: when, of which year, under which marker
-- grain:  one row; none where the notice is not published
-- unit:   none
-- params: $document_number and its $notice_key; reads fund_document
SELECT
    document_number,
    dated_on,
    fiscal_year,
    -- The first day on which its money may have been paid: that of documents that it adjusts since the year began.
    CASE
        WHEN EXISTS (SELECT 1 FROM fund_document AS f WHERE f.document_number <> $document_number)
            THEN MAKE_DATE(fiscal_year, 1, 1)
        ELSE GREATEST(MAKE_DATE(fiscal_year, 1, 1), dated_on)
    END AS money_from_on,
    COALESCE(direct_fund_marker, '') AS marker_text
FROM notice
WHERE notice_key = $notice_key;
