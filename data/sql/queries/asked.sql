-- query:  asked
-- asks:   which notice is asked about, as of which day
-- grain:  one row
-- unit:   none
-- params: $document_number, $as_of
SELECT
    $document_number AS document_number,
    CAST($as_of AS TIMESTAMP) AS as_of,
    CAST($as_of AS DATE) AS as_of_on,
    CAST(EXTRACT(YEAR FROM CAST($as_of AS DATE)) AS INTEGER) AS as_of_year;
