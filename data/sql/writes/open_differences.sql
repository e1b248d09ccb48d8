-- write:  open_differences
-- does:   opens the differences that are found for the first time, or again
-- grain:  one row per difference
-- unit:   元
-- params: $at; reads told_difference
INSERT INTO difference BY NAME
SELECT
    (SELECT COALESCE(MAX(difference_no), 0) FROM difference) + ROW_NUMBER() OVER (
        ORDER BY
            document_number, recipient_id, record_kind, left_source, right_source, difference_kind, pay_month, aid_kind,
            budget_item_code, marker_text, left_place_text, right_place_text, left_yuan, right_yuan, left_text,
            right_text
    ) AS difference_no,
    * EXCLUDE (open_no, is_found),
    $at AS opened_at,
    CAST(NULL AS TIMESTAMP) AS mended_at
FROM told_difference
WHERE open_no IS NULL;
