-- check:    R12
-- title:    预算指标的年度不是通知的年度
-- severity: warning
-- grain:    one row per recipient and fiscal year; no rows means pass
-- unit:     元
-- params:   none; reads counted_allotment, notice_fact
-- source:   metrics.law.CARRYOVER_SOURCE
-- says:     预算指标的预算年度与通知不符，请核对年度，结转的按结转办理
-- warning: carried-over money stands under the later year once that year has come, and is no fault; an earlier year
-- under the notice's own number, or a later one before it has come, is.
SELECT
    a.recipient_id,
    '预算年度' AS subject_text,
    CAST(a.fiscal_year AS TEXT) AS stated_text,
    CAST(n.fiscal_year AS TEXT) AS expected_text,
    SUM(a.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    MIN_BY(a.place_text, (a.export_no, a.line_no))
    || CASE WHEN COUNT(*) > 1 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END AS place_text
FROM counted_allotment AS a
JOIN notice_fact AS n ON n.fiscal_year IS NOT NULL
WHERE
    a.system_name = 'integrated'
    AND (
        (a.fiscal_year < n.fiscal_year AND a.document_number = n.document_number)
        OR (a.fiscal_year > n.fiscal_year AND a.fiscal_year > EXTRACT(YEAR FROM a.registered_on))
    )
GROUP BY a.recipient_id, a.fiscal_year, n.fiscal_year
ORDER BY a.recipient_id, a.fiscal_year;
