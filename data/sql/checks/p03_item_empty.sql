-- check:    P03
-- title:    支付没有科目
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.SEPARATE_BOOKS_SOURCE, metrics.law.MONITORING_DATA_SOURCE
-- says:     支付没有列科目，无法看出用在哪一项救助，请在系统里补上支出科目
-- warning: the export may lack the column; running monitoring systems list such payments.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '208 类下本资金的七个项级科目' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'item_empty'
ORDER BY recipient_id, subject_text, stated_text;
