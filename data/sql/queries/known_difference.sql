-- query:  known_difference
-- asks:   what the sources of a notice's money were known to disagree in at a moment, and in which state each was
-- grain:  one row per difference opened by then
-- unit:   元; stake_yuan is the money at stake: the gap of two amounts, else the money that is missing or differs.
--         counted_yuan adds up: it counts money once that is told more than once
-- params: $document_number, $as_of; reads fund_document
-- rule:   the notice against each system and the systems against each other look at the same money. Of the
--         comparisons of a unit's records of a kind and state only the one that concerns the most money is counted.
--         A gap to the notice that is, to the fen, that of the systems or of the notice to the other system follows
--         from it: cause_no is the first of the differences that it follows from, cause_count how many they are.
-- empty:  cause_no and cause_count of a difference that follows from no other
WITH noted AS (
    SELECT difference_no, note_text, noted_at, noted_by
    FROM difference_note
    WHERE noted_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY difference_no ORDER BY note_no DESC) = 1
),

known AS (
    SELECT
        d.difference_no,
        d.document_number,
        d.recipient_id,
        COALESCE(u.recipient_name, d.recipient_id) AS recipient_name,
        COALESCE(u.short_name, d.recipient_id) AS recipient_short_name,
        u.display_no,
        d.record_kind,
        d.budget_item_code,
        d.marker_text,
        d.pay_month,
        d.aid_kind,
        d.difference_kind,
        d.left_source,
        d.right_source,
        d.left_yuan,
        d.right_yuan,
        d.left_count,
        d.right_count,
        d.left_text,
        d.right_text,
        d.left_place_text,
        d.right_place_text,
        CASE
            WHEN d.difference_kind IN ('missing', 'extra', 'amount')
                THEN ABS(COALESCE(d.left_yuan, 0) - COALESCE(d.right_yuan, 0))
            ELSE ABS(COALESCE(d.left_yuan, d.right_yuan))
        END AS stake_yuan,
        CASE WHEN d.difference_kind <> 'unstated' THEN COALESCE(d.right_yuan, 0) - COALESCE(d.left_yuan, 0) END AS gap_yuan,
        d.opened_at,
        CASE WHEN d.mended_at <= $as_of THEN d.mended_at END AS mended_at,
        CASE
            WHEN d.mended_at <= $as_of THEN 'mended'
            WHEN COALESCE(n.note_text, '') <> '' THEN 'explained'
            ELSE 'open'
        END AS difference_state,
        COALESCE(n.note_text, '') AS note_text,
        n.noted_at,
        COALESCE(n.noted_by, '') AS noted_by
    FROM difference AS d
    LEFT JOIN recipient AS u ON u.recipient_id = d.recipient_id
    LEFT JOIN noted AS n ON n.difference_no = d.difference_no
    WHERE
        d.opened_at <= $as_of
        AND (
            d.document_number = $document_number
            OR (d.left_source <> 'notice' AND d.document_number IN (SELECT f.document_number FROM fund_document AS f))
        )
),

weighed AS (
    SELECT
        known.*,
        difference_kind IN ('missing', 'extra', 'amount') AS is_of_amount,
        SUM(stake_yuan) OVER (
            PARTITION BY recipient_id, record_kind, difference_state, left_source, right_source
        ) AS compared_yuan
    FROM known
),

-- What one comparison comes to, in money and in markers.
cause AS (
    SELECT
        recipient_id, record_kind, difference_state, is_of_amount, left_source, right_source,
        SUM(gap_yuan) AS gap_yuan,
        SUM(stake_yuan) AS stake_yuan,
        MIN(difference_no) AS first_no,
        COUNT(*) AS cause_count
    FROM weighed
    WHERE is_of_amount OR difference_kind = 'marker'
    GROUP BY recipient_id, record_kind, difference_state, is_of_amount, left_source, right_source
),

followed AS (
    SELECT w.difference_no, c.first_no, c.cause_count
    FROM weighed AS w
    JOIN cause AS c
        ON c.recipient_id = w.recipient_id
        AND c.record_kind = w.record_kind
        AND c.difference_state = w.difference_state
        AND c.is_of_amount = w.is_of_amount
        AND c.stake_yuan = w.stake_yuan
        AND CASE
            WHEN c.left_source <> 'notice' AND w.right_source = 'integrated' THEN c.gap_yuan = -w.gap_yuan
            WHEN c.left_source <> 'notice' OR c.right_source < w.right_source THEN c.gap_yuan = w.gap_yuan
            ELSE FALSE
        END
    WHERE w.left_source = 'notice' AND (w.is_of_amount OR w.difference_kind = 'marker')
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY w.difference_no ORDER BY CASE WHEN c.left_source = 'notice' THEN 1 ELSE 0 END
    ) = 1
)

SELECT
    w.* EXCLUDE (is_of_amount, compared_yuan),
    CASE
        WHEN w.left_source || w.right_source = FIRST_VALUE(w.left_source || w.right_source) OVER (
            PARTITION BY w.recipient_id, w.record_kind, w.difference_state
            ORDER BY w.compared_yuan DESC, CASE WHEN w.left_source = 'notice' THEN 1 ELSE 0 END, w.right_source
        ) THEN w.stake_yuan
        ELSE 0
    END AS counted_yuan,
    f.first_no AS cause_no,
    f.cause_count
FROM weighed AS w
LEFT JOIN followed AS f ON f.difference_no = w.difference_no
ORDER BY
    CASE w.difference_state WHEN 'open' THEN 0 WHEN 'explained' THEN 1 ELSE 2 END,
    MAX(w.stake_yuan) OVER (PARTITION BY w.difference_state, COALESCE(f.first_no, w.difference_no)) DESC,
    w.display_no,
    COALESCE(f.first_no, w.difference_no),
    CASE WHEN f.first_no IS NULL THEN 0 ELSE 1 END,
    w.difference_no;
