-- query:  reconcile_line
-- asks:   in what the two systems' allotments and payments differ
-- grain:  one row per difference
-- unit:   元; counts are lines
-- params: none; reads told_line, line_place
-- rule:   account and marker are the integrated system's, where only the monitoring system has the line its own;
--         texts are the two markers or accounts, else the days of the lines
WITH added AS (
    SELECT
        record_kind, document_number, recipient_id, budget_item_code, marker_text, right_item_code,
        right_marker_text, difference_kind, part_no,
        SUM(CASE WHEN system_name = 'integrated' THEN amount_yuan END) AS left_yuan,
        SUM(CASE WHEN system_name = 'monitoring' THEN amount_yuan END) AS right_yuan,
        NULLIF(COUNT(CASE WHEN system_name = 'integrated' THEN 1 END), 0) AS left_count,
        NULLIF(COUNT(CASE WHEN system_name = 'monitoring' THEN 1 END), 0) AS right_count,
        MIN(CASE WHEN system_name = 'integrated' THEN line_on END) AS left_from_on,
        MAX(CASE WHEN system_name = 'integrated' THEN line_on END) AS left_to_on,
        MIN(CASE WHEN system_name = 'monitoring' THEN line_on END) AS right_from_on,
        MAX(CASE WHEN system_name = 'monitoring' THEN line_on END) AS right_to_on
    FROM told_line
    GROUP BY
        record_kind, document_number, recipient_id, budget_item_code, marker_text, right_item_code,
        right_marker_text, difference_kind, part_no
),

days AS (
    SELECT
        added.*,
        CASE
            WHEN left_from_on IS NULL THEN ''
            WHEN left_from_on = left_to_on THEN CAST(left_from_on AS VARCHAR(10))
            ELSE CONCAT(CAST(left_from_on AS VARCHAR(10)), ' 至 ', CAST(left_to_on AS VARCHAR(10)))
        END AS left_days,
        CASE
            WHEN right_from_on IS NULL THEN ''
            WHEN right_from_on = right_to_on THEN CAST(right_from_on AS VARCHAR(10))
            ELSE CONCAT(CAST(right_from_on AS VARCHAR(10)), ' 至 ', CAST(right_to_on AS VARCHAR(10)))
        END AS right_days
    FROM added
)

SELECT
    d.document_number,
    d.recipient_id,
    d.record_kind,
    d.budget_item_code,
    d.marker_text,
    CAST(NULL AS DATE) AS pay_month,
    '' AS aid_kind,
    d.difference_kind,
    'integrated' AS left_source,
    'monitoring' AS right_source,
    d.left_yuan,
    d.right_yuan,
    d.left_count,
    d.right_count,
    CASE
        WHEN d.difference_kind = 'marker' AND d.right_item_code <> d.budget_item_code
            THEN CONCAT(d.marker_text, '，科目 ', d.budget_item_code)
        WHEN d.difference_kind = 'marker' THEN d.marker_text
        WHEN d.difference_kind = 'account' THEN d.budget_item_code
        ELSE d.left_days
    END AS left_text,
    CASE
        WHEN d.difference_kind = 'marker' AND d.right_item_code <> d.budget_item_code
            THEN CONCAT(d.right_marker_text, '，科目 ', d.right_item_code)
        WHEN d.difference_kind = 'marker' THEN d.right_marker_text
        WHEN d.difference_kind = 'account' THEN d.right_item_code
        ELSE d.right_days
    END AS right_text,
    COALESCE(l.place_text, '') AS left_place_text,
    COALESCE(r.place_text, '') AS right_place_text
FROM days AS d
LEFT JOIN line_place AS l
    ON l.part_no = d.part_no AND l.difference_kind = d.difference_kind AND l.system_name = 'integrated'
LEFT JOIN line_place AS r
    ON r.part_no = d.part_no AND r.difference_kind = d.difference_kind AND r.system_name = 'monitoring';
