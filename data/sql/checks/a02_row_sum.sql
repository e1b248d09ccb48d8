-- check:    A02
-- title:    各栏相加＝小计、合计栏
-- severity: fatal
-- grain:    one row per line and sum column that does not add up; no rows means pass
-- unit:     元
-- params:   $notice_key, $with_passing
-- source:   the allocation table's own heads state the identity
WITH identity AS (
    SELECT *
    FROM row_identity
    WHERE notice_key = $notice_key AND identity_kind <> 'line'
)

SELECT
    line_no,
    subject_text,
    stated_yuan,
    computed_yuan,
    stated_yuan - computed_yuan AS difference_yuan,
    stated_yuan IS NOT DISTINCT FROM computed_yuan AS holds
FROM identity
WHERE $with_passing OR stated_yuan IS DISTINCT FROM computed_yuan
ORDER BY line_no, subject_text;
