-- query:  reconcile_notice
-- asks:   in what each system's allotments differ from what a notice hands down
-- grain:  one row per difference, of units of which the system has an export of allotments made when they had to have
--         registered, or later
-- unit:   元; counts are lines
-- params: none; reads noticed_money, export_cover, told_line (reconcile_noticed), line_place
-- rule:   the sum over the documents of the notice is compared with 调整后; lines under another marker than the
--         notice's are told beside it. Where the paper leaves a blank, what is registered is neither right nor wrong:
--         unstated. What a unit that the notice does not name registered under its number is extra.
WITH registered AS (
    SELECT
        notice_number, recipient_id, system_name, difference_kind, part_no,
        SUM(amount_yuan) AS amount_yuan,
        COUNT(*) AS line_count,
        MIN(registered_marker) AS first_marker,
        MAX(registered_marker) AS last_marker
    FROM told_line
    GROUP BY notice_number, recipient_id, system_name, difference_kind, part_no
),

expected AS (
    SELECT
        n.notice_number,
        n.recipient_id,
        n.marker_text,
        n.after_yuan,
        n.line_no,
        c.system_name,
        c.until_on >= n.due_on AS is_due
    FROM noticed_money AS n
    JOIN export_cover AS c ON c.recipient_id = n.recipient_id AND c.record_kind = 'allotment'
),

compared AS (
    SELECT
        COALESCE(e.notice_number, r.notice_number) AS notice_number,
        COALESCE(e.recipient_id, r.recipient_id) AS recipient_id,
        COALESCE(e.system_name, r.system_name) AS system_name,
        CASE
            WHEN e.notice_number IS NULL THEN 'extra'
            WHEN e.after_yuan IS NULL THEN 'unstated'
            WHEN r.notice_number IS NULL THEN 'missing'
            ELSE 'amount'
        END AS difference_kind,
        'amount' AS told_kind,
        COALESCE(e.marker_text, r.first_marker) AS marker_text,
        e.after_yuan AS left_yuan,
        r.amount_yuan AS right_yuan,
        r.line_count AS right_count,
        CASE WHEN e.notice_number IS NOT NULL AND e.after_yuan IS NULL THEN '没有写金额' ELSE '' END AS left_text,
        '' AS right_text,
        e.line_no
    FROM expected AS e
    FULL OUTER JOIN (SELECT * FROM registered WHERE difference_kind = 'amount') AS r
        ON r.notice_number = e.notice_number
        AND r.recipient_id = e.recipient_id
        AND r.system_name = e.system_name
    WHERE
        CASE
            WHEN e.notice_number IS NULL THEN r.amount_yuan <> 0
            WHEN NOT e.is_due THEN FALSE
            WHEN e.after_yuan IS NULL THEN r.notice_number IS NOT NULL
            ELSE e.after_yuan <> COALESCE(r.amount_yuan, 0)
        END
    UNION ALL
    SELECT
        e.notice_number,
        e.recipient_id,
        e.system_name,
        'marker',
        'marker',
        e.marker_text,
        r.amount_yuan,
        r.amount_yuan,
        r.line_count,
        e.marker_text,
        CASE
            WHEN r.first_marker = r.last_marker THEN r.first_marker
            ELSE CONCAT(CASE WHEN r.first_marker = '' THEN '空' ELSE r.first_marker END, '、', r.last_marker)
        END,
        e.line_no
    FROM expected AS e
    JOIN registered AS r
        ON r.notice_number = e.notice_number
        AND r.recipient_id = e.recipient_id
        AND r.system_name = e.system_name
        AND r.difference_kind = 'marker'
    WHERE e.is_due
)

SELECT
    c.notice_number AS document_number,
    c.recipient_id,
    'allotment' AS record_kind,
    '' AS budget_item_code,
    c.marker_text,
    CAST(NULL AS DATE) AS pay_month,
    '' AS aid_kind,
    c.difference_kind,
    'notice' AS left_source,
    c.system_name AS right_source,
    c.left_yuan,
    c.right_yuan,
    CAST(NULL AS BIGINT) AS left_count,
    c.right_count,
    c.left_text,
    c.right_text,
    CASE
        WHEN c.line_no IS NULL THEN ''
        ELSE CONCAT('文件第 ', CAST(c.line_no AS VARCHAR(20)), ' 行')
    END AS left_place_text,
    COALESCE(p.place_text, '') AS right_place_text
FROM compared AS c
LEFT JOIN line_place AS p
    ON p.part_no = CONCAT(c.notice_number, '|', c.recipient_id)
    AND p.difference_kind = c.told_kind
    AND p.system_name = c.system_name;
