-- query:  told_purpose
-- asks:   which words that the purpose of a payment should not hold stand in payments of each unit
-- grain:  one row per recipient and word, of the integrated system
-- unit:   元
-- params: none; reads counted_payment, purpose_word
SELECT
    p.recipient_id,
    p.purpose_word,
    w.purpose_use,
    '用途含“' || p.purpose_word || '”' AS stated_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(p.place_text, (p.export_no, p.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_payment AS p
JOIN purpose_word AS w ON w.purpose_word = p.purpose_word
WHERE p.system_name = 'integrated'
GROUP BY p.recipient_id, p.purpose_word, w.purpose_use;
