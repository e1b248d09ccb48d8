-- query:  reconcile_payout
-- asks:   in what the two systems' payouts differ, by month and kind of aid
-- grain:  one row per difference: all persons of a month and kind of aid that differ alike
-- unit:   元; counts are payouts of the persons that differ
-- params: none; reads told_line (reconcile_person), line_place
-- rule:   account and marker are the integrated system's, where only the monitoring system has the payouts its own;
--         texts are the two markers or accounts, else the days where these differ
WITH added AS (
    SELECT
        part_no, difference_kind, document_number, recipient_id, pay_month, aid_kind, budget_item_code, marker_text,
        right_item_code, right_marker_text,
        SUM(CASE WHEN system_name = 'integrated' THEN amount_yuan END) AS left_yuan,
        SUM(CASE WHEN system_name = 'monitoring' THEN amount_yuan END) AS right_yuan,
        NULLIF(COUNT(CASE WHEN system_name = 'integrated' THEN 1 END), 0) AS left_count,
        NULLIF(COUNT(CASE WHEN system_name = 'monitoring' THEN 1 END), 0) AS right_count,
        CAST(MIN(CASE WHEN system_name = 'integrated' THEN paid_on END) AS VARCHAR(10)) AS left_from_text,
        CAST(MAX(CASE WHEN system_name = 'integrated' THEN paid_on END) AS VARCHAR(10)) AS left_to_text,
        CAST(MIN(CASE WHEN system_name = 'monitoring' THEN paid_on END) AS VARCHAR(10)) AS right_from_text,
        CAST(MAX(CASE WHEN system_name = 'monitoring' THEN paid_on END) AS VARCHAR(10)) AS right_to_text
    FROM told_line
    GROUP BY
        part_no, difference_kind, document_number, recipient_id, pay_month, aid_kind, budget_item_code, marker_text,
        right_item_code, right_marker_text
)

SELECT
    a.document_number,
    a.recipient_id,
    'payout' AS record_kind,
    a.budget_item_code,
    a.marker_text,
    a.pay_month,
    a.aid_kind,
    a.difference_kind,
    'integrated' AS left_source,
    'monitoring' AS right_source,
    a.left_yuan,
    a.right_yuan,
    a.left_count,
    a.right_count,
    CASE
        WHEN a.difference_kind = 'marker' AND a.right_item_code <> a.budget_item_code
            THEN CONCAT(a.marker_text, '，科目 ', a.budget_item_code)
        WHEN a.difference_kind = 'marker' THEN a.marker_text
        WHEN a.difference_kind = 'account' THEN a.budget_item_code
        WHEN a.difference_kind <> 'date' THEN ''
        WHEN a.left_from_text = a.left_to_text THEN a.left_from_text
        ELSE CONCAT(a.left_from_text, ' 至 ', a.left_to_text)
    END AS left_text,
    CASE
        WHEN a.difference_kind = 'marker' AND a.right_item_code <> a.budget_item_code
            THEN CONCAT(a.right_marker_text, '，科目 ', a.right_item_code)
        WHEN a.difference_kind = 'marker' THEN a.right_marker_text
        WHEN a.difference_kind = 'account' THEN a.right_item_code
        WHEN a.difference_kind <> 'date' THEN ''
        WHEN a.right_from_text = a.right_to_text THEN a.right_from_text
        ELSE CONCAT(a.right_from_text, ' 至 ', a.right_to_text)
    END AS right_text,
    COALESCE(l.place_text, '') AS left_place_text,
    COALESCE(r.place_text, '') AS right_place_text
FROM added AS a
LEFT JOIN line_place AS l
    ON l.part_no = a.part_no AND l.difference_kind = a.difference_kind AND l.system_name = 'integrated'
LEFT JOIN line_place AS r
    ON r.part_no = a.part_no AND r.difference_kind = a.difference_kind AND r.system_name = 'monitoring';
