-- query:  told_difference
-- asks:   which differences that are open are still found, and which found ones are new
-- grain:  one row per difference that is open or found; open_no is empty for a new one, is_found false for a mended one
-- unit:   元
-- params: none; reads fresh_difference
-- rule:   the same in every key and value is the same difference, whatever lines it is read from; equal ones are
--         counted off against each other
WITH fresh AS (
    SELECT
        *,
        MD5(CONCAT_WS(
            '|', document_number, recipient_id, record_kind, budget_item_code, marker_text,
            COALESCE(CAST(pay_month AS TEXT), '-'), aid_kind, difference_kind, left_source, right_source,
            COALESCE(CAST(left_yuan AS TEXT), '-'), COALESCE(CAST(right_yuan AS TEXT), '-'),
            COALESCE(CAST(left_count AS TEXT), '-'), COALESCE(CAST(right_count AS TEXT), '-'), left_text, right_text
        )) AS told_hash
    FROM fresh_difference
),

held AS (
    SELECT
        difference_no,
        MD5(CONCAT_WS(
            '|', document_number, recipient_id, record_kind, budget_item_code, marker_text,
            COALESCE(CAST(pay_month AS TEXT), '-'), aid_kind, difference_kind, left_source, right_source,
            COALESCE(CAST(left_yuan AS TEXT), '-'), COALESCE(CAST(right_yuan AS TEXT), '-'),
            COALESCE(CAST(left_count AS TEXT), '-'), COALESCE(CAST(right_count AS TEXT), '-'), left_text, right_text
        )) AS told_hash
    FROM difference
    WHERE mended_at IS NULL
),

fresh_ranked AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY told_hash ORDER BY left_place_text, right_place_text) AS rank_no
    FROM fresh
),

held_ranked AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY told_hash ORDER BY difference_no) AS rank_no
    FROM held
)

SELECT
    f.* EXCLUDE (told_hash, rank_no),
    h.difference_no AS open_no,
    f.told_hash IS NOT NULL AS is_found
FROM fresh_ranked AS f
FULL OUTER JOIN held_ranked AS h ON h.told_hash = f.told_hash AND h.rank_no = f.rank_no;
