-- query:  unadded_lines
-- asks:   which allocations are not what was before and the adjustment
-- grain:  one row per notice, source document and recipient
-- unit:   元
-- params: none
SELECT
    document_number || '，' || recipient_id || '：' || before_yuan || ' ＋ ' || adjustment_yuan || ' ≠ ' || after_yuan
        AS place_text
FROM allocation_line
WHERE before_yuan + adjustment_yuan <> after_yuan
ORDER BY ALL;
