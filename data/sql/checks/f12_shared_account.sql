-- check:    F12
-- title:    一个账户替许多人领款
-- severity: note
-- grain:    one row per recipient, file and account; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout, monitor_limit
-- source:   metrics.law.TO_OWN_ACCOUNT_SOURCE; metrics.limits account_persons
-- says:     同一个账户收了许多人的待遇，请核对是不是监护人、同户或供养机构，不是的改发到本人账户
SELECT
    p.recipient_id,
    '收款账户' AS subject_text,
    '一个账户收 ' || COUNT(DISTINCT p.person_hash) || ' 人的待遇' AS stated_text,
    '不超过 ' || MAX(l.account_persons) || ' 人（本单位设定）' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM notice_payout AS p
CROSS JOIN monitor_limit AS l
JOIN (
    SELECT
        recipient_id,
        account_hash
    FROM notice_payout
    WHERE
        payout_state = 'paid'
        AND account_hash IS NOT NULL
        AND person_hash IS NOT NULL
        -- An institution's account receives for all whom it looks after.
        AND aid_kind NOT IN ('extreme_hardship', 'orphan', 'homeless_aid')
    GROUP BY recipient_id, account_hash
    HAVING COUNT(DISTINCT person_hash) > (SELECT MAX(account_persons) FROM monitor_limit)
) AS g ON g.recipient_id = p.recipient_id AND g.account_hash = p.account_hash
WHERE p.payout_state = 'paid' AND p.aid_kind NOT IN ('extreme_hardship', 'orphan', 'homeless_aid')
GROUP BY p.recipient_id, p.file_name, p.account_hash
ORDER BY p.recipient_id, p.file_name, MIN(p.line_no);
