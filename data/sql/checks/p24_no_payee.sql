-- check:    P24
-- title:    支付没有收款人
-- severity: warning
-- grain:    one row per recipient; no rows means pass
-- unit:     元; what came back is taken off
-- params:   none; reads money_doubt
-- source:   metrics.law.REAL_NAME_SOURCE, metrics.law.MONITORING_DATA_SOURCE
-- says:     支付没有收款人名称，看不出付给了谁，请核对原始凭证并在系统里补上
-- warning: the cell alone may be missing.
SELECT
    recipient_id,
    about_text AS subject_text,
    subject_text AS stated_text,
    '写明收款人' AS expected_text,
    amount_yuan,
    found_count,
    place_text
FROM money_doubt
WHERE use_kind = 'payee_empty'
ORDER BY recipient_id, subject_text, stated_text;
