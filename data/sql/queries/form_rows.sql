-- query:  form_rows
-- asks:   which rows each unit's form has, with what it reported in the round before
-- grain:  one row per unit of the notice and indicator, narrowed to one unit unless it is ''
-- unit:   as reported; weights in micro-points
-- params: $notice_key, $round_id, $recipient_id
WITH unit AS (
    SELECT DISTINCT recipient_id
    FROM allocation_line
    WHERE notice_key = $notice_key AND ($recipient_id = '' OR recipient_id = $recipient_id)
),

reported AS (
    SELECT
        a.*,
        r.period_end_on,
        YEAR(this.period_end_on) - YEAR(r.period_end_on) AS years_ago
    FROM actual_current AS a
    JOIN round AS r ON r.notice_key = a.notice_key AND r.round_id = a.round_id
    JOIN round AS this ON this.notice_key = a.notice_key AND this.round_id = $round_id
    WHERE
        a.notice_key = $notice_key
        AND ($recipient_id = '' OR a.recipient_id = $recipient_id)
        AND r.period_end_on < this.period_end_on
),

earlier AS (
    SELECT *
    FROM reported
    QUALIFY ROW_NUMBER() OVER (PARTITION BY recipient_id, indicator_no ORDER BY period_end_on DESC) = 1
),

-- Last year's value: as this year's earlier rounds stated it, else what last year itself reported.
last_year AS (
    SELECT
        recipient_id,
        indicator_no,
        CASE
            WHEN years_ago = 0 THEN prior_value
            WHEN denominator > 0 THEN CAST(numerator * 100 / denominator AS DECIMAL(18, 4))
            ELSE actual_value
        END AS prior_value
    FROM reported
    WHERE years_ago = 0 AND prior_value IS NOT NULL OR years_ago = 1
    QUALIFY ROW_NUMBER() OVER (PARTITION BY recipient_id, indicator_no ORDER BY period_end_on DESC) = 1
),

asked AS (
    SELECT
        t.recipient_id,
        t.indicator_no,
        t.target_text
    FROM target AS t
    JOIN round AS r ON r.notice_key = t.notice_key AND r.round_id = $round_id
    WHERE
        t.notice_key = $notice_key
        AND ($recipient_id = '' OR t.recipient_id = $recipient_id)
        AND (t.target_version = 1 OR t.valid_from_on <= r.period_end_on)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY t.recipient_id, t.indicator_no ORDER BY t.target_version DESC) = 1
)

SELECT
    u.recipient_id,
    i.indicator_no,
    i.dimension,
    i.measure,
    i.indicator_name,
    i.short_name,
    COALESCE(t.target_text, i.target_text) AS target_text,
    i.unit_text,
    i.entry_kind,
    i.numerator_label,
    i.denominator_label,
    e.numerator,
    e.denominator,
    e.actual_value,
    l.prior_value,
    e.band,
    e.band_share,
    w.weight_micro
FROM indicator AS i
CROSS JOIN unit AS u
JOIN round_weight AS w
    ON w.notice_key = i.notice_key AND w.round_id = $round_id AND w.indicator_no = i.indicator_no
LEFT JOIN asked AS t ON t.recipient_id = u.recipient_id AND t.indicator_no = i.indicator_no
LEFT JOIN earlier AS e ON e.recipient_id = u.recipient_id AND e.indicator_no = i.indicator_no
LEFT JOIN last_year AS l ON l.recipient_id = u.recipient_id AND l.indicator_no = i.indicator_no
WHERE i.notice_key = $notice_key
ORDER BY u.recipient_id, i.indicator_no;
