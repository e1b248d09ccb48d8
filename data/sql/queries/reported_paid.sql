-- query:  reported_paid
-- asks:   what each report says was paid, beside what the integrated system paid by the same day
-- grain:  one row per recipient and round with a report
-- unit:   元; texts in 万元, exact; docked_yuan is empty where exports of payments do not tell without a gap from the
--         first day of the notice's money to the asked day
-- params: none; reads reported_money, notice_fact, export_cover, counted_payment
WITH compared AS (
    SELECT
        r.recipient_id,
        r.round_id,
        r.round_name,
        r.period_end_on,
        r.paid_yuan AS reported_yuan,
        MIN(e.file_text) AS file_text,
        CASE WHEN MIN(e.until_on) IS NOT NULL THEN COALESCE(SUM(p.amount_yuan), 0) END AS docked_yuan
    FROM reported_money AS r
    CROSS JOIN notice_fact AS n
    LEFT JOIN export_cover AS e
        ON e.recipient_id = r.recipient_id AND e.system_name = 'integrated' AND e.record_kind = 'payment'
        AND e.from_on <= n.money_from_on AND e.until_on >= r.period_end_on
    LEFT JOIN counted_payment AS p
        ON p.recipient_id = r.recipient_id AND p.system_name = 'integrated' AND p.paid_on <= r.period_end_on
    GROUP BY r.recipient_id, r.round_id, r.round_name, r.period_end_on, r.paid_yuan
)

SELECT
    *,
    -- 元 typed where 万元 is asked, or the reverse, up to what rounding moves.
    docked_yuan > 0 AND (
        reported_yuan BETWEEN docked_yuan * 9999 AND docked_yuan * 10001
        OR reported_yuan * 10000 BETWEEN docked_yuan * 0.9999 AND docked_yuan * 1.0001
    ) AS is_unit_slip,
    wan_text(reported_yuan) AS reported_text,
    '一体化系统截至 ' || STRFTIME(period_end_on, '%Y-%m-%d ')
    || wan_text(docked_yuan) AS docked_text
FROM compared;
