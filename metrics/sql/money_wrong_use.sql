-- query:  money_wrong_use
-- asks:   which payments look like a wrong use: another account, another purpose, too much, the wrong payee
-- grain:  one row per recipient, kind of wrong use and what it is about
-- unit:   元; what was paid back is taken off, and what was paid back whole is not listed
-- params: none; reads money_step, money_doubt
-- rule:   what money_doubt finds, without what is merely not written; more paid than registered or handed down
WITH found AS (
    SELECT
        recipient_id,
        use_kind,
        subject_text,
        amount_yuan,
        found_count,
        place_text
    FROM money_doubt
    WHERE use_kind NOT IN ('item_empty', 'purpose_empty', 'payee_empty')
    UNION ALL
    SELECT
        recipient_id,
        'over_allocated' AS use_kind,
        '累计支付大于分配' AS subject_text,
        paid_yuan - allocated_yuan AS amount_yuan,
        1 AS found_count,
        '' AS place_text
    FROM money_step
    WHERE paid_yuan > allocated_yuan
    UNION ALL
    SELECT
        recipient_id,
        'over_registered' AS use_kind,
        '累计支付大于登记的预算指标' AS subject_text,
        paid_yuan - registered_yuan AS amount_yuan,
        1 AS found_count,
        '' AS place_text
    FROM money_step
    WHERE paid_yuan > registered_yuan
)

SELECT
    f.recipient_id,
    m.recipient_name,
    m.recipient_short_name,
    m.display_no,
    f.use_kind,
    f.subject_text,
    f.amount_yuan,
    f.found_count,
    f.place_text
FROM found AS f
JOIN money_step AS m ON m.recipient_id = f.recipient_id
ORDER BY m.display_no, f.use_kind, f.subject_text;
