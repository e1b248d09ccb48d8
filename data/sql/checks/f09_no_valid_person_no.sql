-- check:    F09
-- title:    没有证件号码或号码不对
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout
-- source:   metrics.law.REAL_NAME_SOURCE
-- says:     发放明细里没有证件号码，或号码校验不通过，无法核对是否重复，请核对；属实的补正后重新导出
SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '没有号码 ' || COUNT(*) FILTER (WHERE p.person_hash IS NULL) || ' 笔，号码不对 '
    || COUNT(*) FILTER (WHERE p.person_hash IS NOT NULL) || ' 笔' AS stated_text,
    '每笔都有校验通过的证件号码' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
WHERE
    -- Who is found on the street may have no papers.
    p.aid_kind <> 'homeless_aid'
    AND (p.person_hash IS NULL OR NOT p.is_person_no_valid)
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
