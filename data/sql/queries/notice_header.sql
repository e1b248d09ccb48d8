-- query:  notice_header
-- asks:   what a published notice is
-- grain:  one row if it is published
-- unit:   元
-- params: $notice_key
SELECT
    document_number,
    title,
    issuer,
    dated_on,
    printed_on,
    fund_name,
    fiscal_year,
    amount_yuan,
    direct_fund_marker,
    file_name,
    file_sha256,
    published_at,
    published_by
FROM notice
WHERE notice_key = $notice_key;
