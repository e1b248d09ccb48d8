-- check:    R20
-- title:    收文到下达超过参照天数
-- severity: note
-- grain:    one row, of the prefecture; no rows means pass
-- unit:     元
-- params:   none; reads monitor_limit, notice_fact, region_step, unit_money
-- source:   metrics.law.RELEASE_LIMIT_SOURCE; metrics.limits release_days
-- says:     州本级收到上级文件到本文件成文的间隔超过参照天数，请核对收文日期；法律的期限是对自治区的，这里只作参照
-- note: the law binds the region in what it hands down; for a prefecture no rule of its own was found. The day of
-- receipt is the one that the prefecture recorded; it reads no system's export.
SELECT
    '' AS recipient_id,
    '收文到下达的天数' AS subject_text,
    STRFTIME(n.dated_on, '%Y-%m-%d 成文，') || (n.dated_on - r.happened_on) || ' 天' AS stated_text,
    l.release_days || ' 天以内' || STRFTIME(r.happened_on, '（%Y-%m-%d 收文）') AS expected_text,
    (SELECT SUM(u.after_yuan) FROM unit_money AS u) AS amount_yuan,
    1 AS found_count,
    n.document_number AS place_text
FROM notice_fact AS n
JOIN region_step AS r ON r.receipt_step = 'received'
CROSS JOIN monitor_limit AS l
WHERE n.dated_on - r.happened_on > l.release_days;
