-- query:  rollup_input
-- asks:   what the roll-up to the prefecture has to know about each unit's indicator, as known at a moment
-- grain:  one row per recipient and indicator of the round; for what the prefecture reports itself also one
--         row with recipient_id 'region', which carries its newest entry or its own clock
-- unit:   as reported; 元; weights in micro-points
-- params: $notice_key, $round_id, $as_of; reads clock (timeliness.sql over clock_input)
-- empty:  no rows before the round is open
WITH money AS (
    SELECT
        recipient_id,
        SUM(after_yuan) AS after_yuan
    FROM allocation_line
    WHERE notice_key = $notice_key
    GROUP BY recipient_id
),

-- As for units: a change of the target reaches the rounds whose period ends on or after its first day.
region_target AS (
    SELECT t.*
    FROM target AS t
    JOIN round AS r ON r.notice_key = t.notice_key AND r.round_id = $round_id
    WHERE
        t.notice_key = $notice_key
        AND t.recipient_id = 'region'
        AND (t.target_version = 1 OR t.valid_from_on <= r.period_end_on AND t.changed_at <= $as_of)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY t.indicator_no ORDER BY t.target_version DESC) = 1
),

own_entry AS (
    SELECT *
    FROM region_actual
    WHERE notice_key = $notice_key AND round_id = $round_id AND entered_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY indicator_no ORDER BY entry_no DESC) = 1
),

-- The weights as the units were scored by at that moment; those of the round where none was.
kept_weight AS (
    SELECT
        indicator_no,
        MAX(weight_micro) AS weight_micro
    FROM score
    WHERE
        notice_key = $notice_key
        AND round_id = $round_id
        AND valid_from <= $as_of
        AND valid_to > $as_of
    GROUP BY indicator_no
),

reported AS (
    SELECT
        s.recipient_id,
        s.indicator_no,
        s.state,
        s.scored_kind,
        o.bound AS own_bound,
        o.upper_bound AS own_upper,
        a.numerator,
        a.denominator,
        a.actual_value AS value,
        a.prior_value,
        a.band,
        a.band_share,
        COALESCE(a.evidence_text, '') <> '' AS is_evidenced,
        s.allowed_days,
        s.taken_days,
        s.due_on,
        s.done_on,
        m.after_yuan
    FROM score AS s
    LEFT JOIN actual AS a
        ON a.notice_key = s.notice_key
        AND a.report_id = s.report_id
        AND a.indicator_no = s.indicator_no
    LEFT JOIN money AS m ON m.recipient_id = s.recipient_id
    LEFT JOIN target AS o
        ON o.notice_key = s.notice_key
        AND o.indicator_no = s.indicator_no
        AND o.recipient_id = s.recipient_id
        AND o.target_version = s.target_version
    WHERE
        s.notice_key = $notice_key
        AND s.round_id = $round_id
        AND s.valid_from <= $as_of
        AND s.valid_to > $as_of

    UNION ALL

    SELECT
        'region' AS recipient_id,
        i.indicator_no,
        CASE
            WHEN i.entry_kind = 'from_receipt' OR e.entry_no IS NOT NULL THEN 'given'
            ELSE 'not_reported'
        END AS state,
        t.scored_kind,
        t.bound AS own_bound,
        t.upper_bound AS own_upper,
        e.numerator,
        e.denominator,
        e.actual_value AS value,
        e.prior_value,
        e.band,
        e.band_share,
        COALESCE(e.evidence_text, '') <> '' AS is_evidenced,
        c.allowed_days,
        c.taken_days,
        c.due_on,
        c.done_on,
        NULL AS after_yuan
    FROM indicator AS i
    JOIN region_target AS t ON t.indicator_no = i.indicator_no
    LEFT JOIN own_entry AS e ON e.indicator_no = i.indicator_no
    LEFT JOIN clock AS c ON c.recipient_id = 'region' AND i.entry_kind = 'from_receipt'
    WHERE i.notice_key = $notice_key AND i.rollup_method = 'prefecture'
)

SELECT
    i.document_number,
    r.round_id,
    i.indicator_no,
    p.recipient_id,
    CAST($as_of AS TIMESTAMP) AS valid_from,
    CAST($as_of AS DATE) AS as_of_on,
    r.rule_version,
    i.rollup_method,
    i.entry_kind,
    p.state,
    p.scored_kind,
    p.own_bound,
    p.own_upper,
    p.numerator,
    p.denominator,
    p.value,
    p.prior_value,
    p.band,
    p.band_share,
    p.is_evidenced,
    p.allowed_days,
    p.taken_days,
    p.due_on,
    p.done_on,
    p.after_yuan,
    t.target_version AS region_target_version,
    t.scored_kind AS region_scored_kind,
    t.scale AS region_scale,
    t.bound AS region_bound,
    t.upper_bound AS region_upper,
    -- A clock that starts with this notice says nothing about a period that ended before it.
    i.entry_kind <> 'from_receipt' OR r.period_end_on >= n.dated_on AS is_period_covered,
    r.due_on AS round_due_on,
    r.period_end_on,
    COALESCE(k.weight_micro, w.weight_micro) AS weight_micro
FROM reported AS p
JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = p.indicator_no
JOIN region_target AS t ON t.indicator_no = p.indicator_no
JOIN notice AS n ON n.notice_key = i.notice_key
JOIN round AS r
    ON r.notice_key = i.notice_key AND r.round_id = $round_id AND r.opened_at <= $as_of
JOIN round_weight AS w
    ON w.notice_key = i.notice_key AND w.round_id = r.round_id AND w.indicator_no = i.indicator_no
LEFT JOIN kept_weight AS k ON k.indicator_no = i.indicator_no;
