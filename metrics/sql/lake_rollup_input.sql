-- query:  lake_rollup_input
-- asks:   what the roll-up to each prefecture has to know about each unit's indicator
-- grain:  one row per recipient and indicator of the round that stands for its notice; for what a prefecture reports
--         itself also one row with recipient_id 'region'
-- unit:   as reported; 元; weights in micro-points
-- params: none; reads score_input, score (score.sql over it), unit_money, indicator, region_entry and shown_round
-- empty:  no rows for an indicator that the prefecture has no target of
WITH reported AS (
    SELECT
        i.document_number,
        i.round_id,
        i.indicator_no,
        i.recipient_id,
        s.state,
        i.scored_kind,
        i.bound AS own_bound,
        i.upper AS own_upper,
        i.numerator,
        i.denominator,
        i.value,
        i.prior_value,
        i.band,
        i.band_share,
        i.is_evidenced,
        i.allowed_days,
        i.taken_days,
        i.due_on,
        i.done_on,
        m.after_yuan
    FROM score_input AS i
    JOIN shown_round AS w ON w.document_number = i.document_number AND w.round_id = i.round_id
    JOIN score AS s
        ON s.document_number = i.document_number
        AND s.round_id = i.round_id
        AND s.recipient_id = i.recipient_id
        AND s.indicator_no = i.indicator_no
    LEFT JOIN unit_money AS m
        ON m.document_number = i.document_number
        AND m.round_id = i.round_id
        AND m.recipient_id = i.recipient_id

    UNION ALL

    SELECT
        e.document_number,
        e.round_id,
        e.indicator_no,
        'region' AS recipient_id,
        e.state,
        e.scored_kind,
        e.own_bound,
        e.own_upper,
        e.numerator,
        e.denominator,
        e.value,
        e.prior_value,
        e.band,
        e.band_share,
        e.is_evidenced,
        e.allowed_days,
        e.taken_days,
        e.due_on,
        e.done_on,
        CAST(NULL AS DECIMAL(18, 2)) AS after_yuan
    FROM region_entry AS e
    JOIN shown_round AS w ON w.document_number = e.document_number AND w.round_id = e.round_id
)

SELECT
    p.document_number,
    p.round_id,
    p.indicator_no,
    p.recipient_id,
    i.valid_from,
    i.as_of_on,
    i.rule_version,
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
    i.region_scored_kind,
    i.region_scale,
    i.region_bound,
    i.region_upper,
    i.is_period_covered,
    i.round_due_on,
    i.weight_micro
FROM reported AS p
JOIN indicator AS i
    ON i.document_number = p.document_number
    AND i.round_id = p.round_id
    AND i.indicator_no = p.indicator_no;
