-- check:    A07
-- title:    中央补助＋地方补助＝年度金额
-- severity: fatal
-- grain:    one row if the parts of the target sheet do not add up to its annual amount; no rows means pass
-- unit:     元
-- params:   $notice_key, $with_passing
-- source:   the target sheet's own head; an empty part adds nothing
WITH identity AS (
    SELECT
        s.annual_amount_line_no AS line_no,
        '绩效目标表：年度金额' AS subject_text,
        s.annual_amount_yuan AS stated_yuan,
        COALESCE(s.central_subsidy_yuan, 0) + COALESCE(s.local_subsidy_yuan, 0) AS computed_yuan
    FROM target_sheet AS s
    WHERE
        s.notice_key = $notice_key
        AND s.annual_amount_yuan IS NOT NULL
        AND (s.central_subsidy_yuan IS NOT NULL OR s.local_subsidy_yuan IS NOT NULL)
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
