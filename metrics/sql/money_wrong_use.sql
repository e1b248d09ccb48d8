-- query:  money_wrong_use
-- asks:   which payments look like a wrong use: another account, another purpose, too much, the wrong payee
-- grain:  one row per recipient, kind of wrong use and what it is about
-- unit:   元; what was paid back is taken off, and what was paid back whole is not listed
-- params: none; reads money_step, money_payment, budget_item
-- rule:   an account that is not one of the seven of this money; a word in the purpose that it must not hold; a payee
--         that is a unit's own account or a company; more paid than registered or handed down
WITH item AS (
    SELECT
        p.recipient_id,
        p.amount_yuan,
        p.file_name,
        p.line_no,
        p.budget_item_code,
        COALESCE(i.item_name, '') AS item_name,
        CASE
            WHEN i.item_use IN ('normal', 'suspect', 'other_fund', 'ask') THEN i.item_use
            WHEN c.item_use = 'suspect' THEN 'suspect'
            ELSE 'unknown'
        END AS item_use
    FROM money_payment AS p
    LEFT JOIN budget_item AS i ON i.code = p.budget_item_code
    LEFT JOIN budget_item AS c ON c.code = SUBSTR(p.budget_item_code, 1, 3)
),

wrong AS (
    SELECT
        recipient_id,
        'item_' || item_use AS use_kind,
        CASE WHEN budget_item_code = '' THEN '未填科目' ELSE TRIM(budget_item_code || ' ' || item_name) END AS subject_text,
        '' AS purpose_word,
        amount_yuan,
        file_name,
        line_no
    FROM item
    WHERE item_use <> 'normal'
    UNION ALL
    SELECT
        recipient_id,
        'purpose' AS use_kind,
        '用途含“' || purpose_word || '”' AS subject_text,
        purpose_word,
        amount_yuan,
        file_name,
        line_no
    FROM money_payment
    WHERE purpose_word <> ''
    UNION ALL
    SELECT
        recipient_id,
        'payee_' || payee_kind AS use_kind,
        CASE WHEN payee_text = '' THEN '收款人未写明' ELSE payee_text END AS subject_text,
        '' AS purpose_word,
        amount_yuan,
        file_name,
        line_no
    FROM money_payment
    WHERE payee_kind IN ('agency', 'company')
),

found AS (
    SELECT
        recipient_id,
        use_kind,
        subject_text,
        purpose_word,
        SUM(amount_yuan) AS amount_yuan,
        COUNT(*) AS found_count,
        MIN('《' || file_name || '》第 ' || CAST(line_no AS STRING) || ' 行') AS first_place_text
    FROM wrong
    GROUP BY recipient_id, use_kind, subject_text, purpose_word
    HAVING SUM(amount_yuan) > 0
    UNION ALL
    SELECT
        recipient_id,
        'over_allocated' AS use_kind,
        '累计支付大于分配' AS subject_text,
        '' AS purpose_word,
        paid_yuan - allocated_yuan AS amount_yuan,
        1 AS found_count,
        '' AS first_place_text
    FROM money_step
    WHERE paid_yuan > allocated_yuan
    UNION ALL
    SELECT
        recipient_id,
        'over_registered' AS use_kind,
        '累计支付大于登记的预算指标' AS subject_text,
        '' AS purpose_word,
        paid_yuan - registered_yuan AS amount_yuan,
        1 AS found_count,
        '' AS first_place_text
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
    f.purpose_word,
    f.amount_yuan,
    f.found_count,
    f.first_place_text
    || CASE WHEN f.found_count > 1 THEN '等 ' || CAST(f.found_count AS STRING) || ' 行' ELSE '' END AS place_text
FROM found AS f
JOIN money_step AS m ON m.recipient_id = f.recipient_id
ORDER BY m.display_no, f.use_kind, f.subject_text;
