-- query:  inquiry_rectification
-- asks:   from which units a notice that is issued for an audit takes money back
-- grain:  one row per unit whose money goes down
-- unit:   元
-- params: none; reads audit_line (the lines of the notice that speak of 审计整改) and unit_money_change (one row per
--         unit: before_yuan, adjustment_yuan, after_yuan)
SELECT
    'audit_rectification' AS rule_key,
    m.recipient_id,
    0 AS indicator_no,
    m.before_yuan,
    m.adjustment_yuan,
    m.after_yuan,
    (SELECT MIN(a.line_no) FROM audit_line AS a) AS audit_line_no
FROM unit_money_change AS m
WHERE m.adjustment_yuan < 0 AND EXISTS (SELECT 1 FROM audit_line AS a);
