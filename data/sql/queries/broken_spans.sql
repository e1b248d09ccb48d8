-- query:  broken_spans
-- asks:   where the spans in which a score held do not follow each other, or two scores hold at once
-- grain:  one row per span
-- unit:   none
-- params: none
SELECT
    document_number || '，' || round_id || '，' || recipient_id || '，第 ' || indicator_no || ' 项，自 '
    || STRFTIME(valid_from, '%Y-%m-%d %H:%M:%S') AS place_text
FROM score
QUALIFY
    valid_to <> LEAD(valid_from, 1, valid_to)
        OVER (PARTITION BY document_number, round_id, recipient_id, indicator_no ORDER BY valid_from)
    OR valid_to < valid_from
ORDER BY ALL;
