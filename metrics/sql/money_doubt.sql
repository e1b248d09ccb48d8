-- query:  money_doubt
-- asks:   which payments a person should look at: their account, purpose or payee looks wrong, or is not written
-- grain:  one row per recipient, kind of doubt and what it is about
-- unit:   元; what came back is taken off, told in words where it is a part, and not listed where it is all
-- params: none; reads money_payment, budget_item, purpose_word
-- rule:   an account that is not one of the seven of this money; a word in the purpose that it should not hold; a
--         payee whose name has the words of a unit, a company or another organisation, or does not tell what it is, or
--         has those of an institution where the money is 低保; and each of the three where it is empty. The checks P01 to P03, P06 to P11, P23 and P24
--         and the board 疑似使用不当 all read this.
WITH told AS (
    SELECT
        p.*,
        TRIM(p.budget_item_code || ' ' || COALESCE(i.item_name, c.item_name, '')) AS item_text,
        COALESCE(i.item_name, '') AS item_name,
        CASE
            WHEN p.budget_item_code = '' THEN 'empty'
            WHEN i.item_use IN ('normal', 'suspect', 'other_fund', 'ask') THEN i.item_use
            WHEN c.item_use = 'suspect' THEN 'suspect'
            WHEN SUBSTR(p.budget_item_code, 1, 3) = '208' THEN 'ask'
            ELSE 'unknown'
        END AS item_use,
        COALESCE(w.purpose_use, 'other') AS purpose_use,
        CASE
            WHEN p.payee_text <> '' THEN '名称含“' || p.payee_text || '”'
            WHEN p.payee_kind = 'agency' THEN '支付单位自己'
            WHEN p.payee_kind = 'unknown' THEN '名称看不出是个人还是单位'
            ELSE '名称不详'
        END AS payee_words
    FROM money_payment AS p
    LEFT JOIN budget_item AS i ON i.code = p.budget_item_code
    LEFT JOIN budget_item AS c ON c.code = SUBSTR(p.budget_item_code, 1, 3)
    LEFT JOIN purpose_word AS w ON w.purpose_word = p.purpose_word
),

doubted AS (
    SELECT
        t.*,
        'item_' || t.item_use AS use_kind,
        '支付科目' AS about_text,
        CASE WHEN t.item_use = 'empty' THEN '空' ELSE t.item_text END AS subject_text
    FROM told AS t
    WHERE t.item_use <> 'normal'
    UNION ALL
    SELECT
        t.*,
        'purpose_' || t.purpose_use AS use_kind,
        '支付用途' AS about_text,
        '用途含“' || t.purpose_word || '”' AS subject_text
    FROM told AS t
    WHERE t.purpose_word <> ''
    UNION ALL
    SELECT
        t.*,
        'purpose_empty' AS use_kind,
        '支付用途' AS about_text,
        '没有写' AS subject_text
    FROM told AS t
    WHERE NOT t.has_purpose
    UNION ALL
    SELECT
        t.*,
        'payee_' || t.payee_kind AS use_kind,
        '收款人' AS about_text,
        t.payee_words AS subject_text
    FROM told AS t
    WHERE t.payee_kind IN ('agency', 'company', 'other', 'unknown')
    UNION ALL
    SELECT
        t.*,
        'payee_institution' AS use_kind,
        t.item_name || '的收款人' AS about_text,
        t.payee_words AS subject_text
    FROM told AS t
    WHERE t.payee_kind = 'institution' AND t.budget_item_code IN ('2081901', '2081902')
    UNION ALL
    SELECT
        t.*,
        'payee_empty' AS use_kind,
        '收款人' AS about_text,
        '空' AS subject_text
    FROM told AS t
    WHERE t.payee_kind = ''
),

placed AS (
    SELECT
        d.*,
        ROW_NUMBER() OVER (
            PARTITION BY d.recipient_id, d.use_kind, d.about_text, d.subject_text
            ORDER BY CASE WHEN d.amount_yuan > 0 THEN 0 ELSE 1 END, d.export_no, d.line_no
        ) AS place_no
    FROM doubted AS d
),

summed AS (
    SELECT
        recipient_id,
        use_kind,
        about_text,
        subject_text,
        SUM(amount_yuan) AS amount_yuan,
        SUM(CASE WHEN amount_yuan > 0 THEN amount_yuan ELSE 0 END) AS paid_yuan,
        SUM(CASE WHEN amount_yuan < 0 THEN -amount_yuan ELSE 0 END) AS back_yuan,
        COUNT(*) AS found_count,
        MAX(CASE WHEN place_no = 1 THEN place_text END) AS first_place_text
    FROM placed
    GROUP BY recipient_id, use_kind, about_text, subject_text
    HAVING SUM(amount_yuan) > 0
)

SELECT
    recipient_id,
    use_kind,
    about_text,
    subject_text || CASE
        WHEN back_yuan > 0
            THEN '（付 ' || CAST(paid_yuan AS STRING) || ' 元，已退 ' || CAST(back_yuan AS STRING) || ' 元）'
        ELSE ''
    END AS subject_text,
    amount_yuan,
    found_count,
    first_place_text
    || CASE WHEN found_count > 1 THEN '等 ' || CAST(found_count AS STRING) || ' 行' ELSE '' END AS place_text
FROM summed;
