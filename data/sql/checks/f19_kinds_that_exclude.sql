-- check:    F19
-- title:    同时领取互斥的两项待遇
-- severity: warning
-- grain:    one row per recipient, file and kind of aid; no rows means pass
-- unit:     元
-- params:   none; reads notice_payout
-- source:   metrics.law.EXCLUSIVE_AID_SOURCE
-- says:     同一人同一个月有两项一般不能同时享受的待遇，请核对资格；属实的保留一项，另一项停发
WITH paid AS (
    SELECT
        *,
        aid_kind IN ('orphan', 'de_facto_orphan') AS is_child
    FROM notice_payout
    WHERE payout_state = 'paid' AND amount_yuan > 0 AND is_monthly
),

-- Few persons have two kinds at all: only their months are looked at.
two_kinds AS (
    SELECT person_hash
    FROM paid
    WHERE person_hash IS NOT NULL
    GROUP BY person_hash
    HAVING MIN(aid_kind) <> MAX(aid_kind)
),

looked_at AS (
    SELECT p.*
    FROM two_kinds AS t
    JOIN paid AS p ON p.person_hash = t.person_hash
)

SELECT
    p.recipient_id,
    p.aid_name || '：' || month_span(p.pay_month) AS subject_text,
    '同月另领一项互斥的待遇，本项 ' || COUNT(*) || ' 笔' AS stated_text,
    '城市低保、农村低保、特困供养只享受一项；孤儿与事实无人抚养儿童只享受一项' AS expected_text,
    SUM(p.amount_yuan) AS amount_yuan,
    COUNT(*) AS found_count,
    lines_text(p.file_name, p.line_no) AS place_text
FROM looked_at AS p
JOIN (
    SELECT
        person_hash,
        pay_month,
        is_child
    FROM looked_at
    GROUP BY person_hash, pay_month, is_child
    HAVING MIN(aid_kind) <> MAX(aid_kind)
) AS g ON g.person_hash = p.person_hash AND g.pay_month = p.pay_month AND g.is_child = p.is_child
GROUP BY p.recipient_id, p.file_name, p.aid_name
ORDER BY p.recipient_id, p.file_name, p.aid_name;
