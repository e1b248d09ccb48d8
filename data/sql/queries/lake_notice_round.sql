-- query:  lake_notice_round
-- asks:   which rounds of which notices the store has, of which fund and year of the budget
-- grain:  one row per notice and round that was opened by a moment
-- unit:   none
-- params: $as_of
SELECT
    n.document_number,
    r.round_id,
    n.document_number AS printed_number,
    n.fund_name,
    COALESCE(n.fiscal_year, YEAR(r.period_end_on)) AS fiscal_year,
    r.period_end_on,
    r.due_on,
    CAST($as_of AS DATE) AS as_of_on
FROM notice AS n
JOIN round AS r ON r.document_number = n.document_number
WHERE r.opened_at <= $as_of
ORDER BY n.document_number, r.round_id;
