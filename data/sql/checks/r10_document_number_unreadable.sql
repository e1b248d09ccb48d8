-- check:    R10
-- title:    预算指标文号为空或没有汉字
-- severity: warning
-- grain:    one row per recipient, system and document number; no rows means pass
-- unit:     元
-- params:   none; reads docked_allotment, notice_fact, notice_cite, budget_item, unit_money
-- source:   metrics.law.MONITORING_DATA_SOURCE
-- says:     预算指标的文号为空或没有汉字，对不上任何文件，请在系统里改成文件的完整文号
-- warning: the row may belong to other money. Taken for this notice's: a unit of its table, its year, and either a
-- document from above that it cites or, with none named, its marker and an account of this fund.
SELECT
    a.recipient_id,
    CASE a.system_name WHEN 'integrated' THEN '一体化系统' ELSE '监控系统' END || '预算指标文号' AS subject_text,
    CASE WHEN a.document_number = '' THEN '空' ELSE a.document_number END AS stated_text,
    n.document_number AS expected_text,
    SUM(a.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(a.place_text, (a.export_no, a.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM docked_allotment AS a
JOIN notice_fact AS n ON n.fiscal_year = a.fiscal_year
JOIN unit_money AS u ON u.recipient_id = a.recipient_id
LEFT JOIN budget_item AS i ON i.code = a.budget_item_code
WHERE
    NOT REGEXP_MATCHES(a.document_number, '[一-鿿]')
    AND (
        a.upper_document_number IN (
            SELECT c.cited_number
            FROM notice_cite AS c
            WHERE c.document_number = n.document_number
        )
        OR (
            a.upper_document_number = ''
            AND a.marker_text = n.marker_text
            AND COALESCE(i.item_use, '') = 'normal'
        )
    )
GROUP BY a.recipient_id, a.system_name, a.document_number, n.document_number
ORDER BY a.recipient_id, a.system_name, a.document_number;
