-- query:  targets_of_notice
-- asks:   which target the region and each of its units has on a day on each indicator that people decompose, as
--         known at a moment, and how a decomposition of the indicator is proved
-- grain:  one row per indicator and recipient, 'region' first; no indicator that runs by receipt
-- unit:   bounds in the target's own unit
-- params: $notice_key, $as_of, $in_force_on
-- proof:  sum: the units' bounds add up to the region's; bound: no unit's is laxer; words: people compare them
WITH newest AS (
    SELECT *
    FROM target
    WHERE
        notice_key = $notice_key
        AND changed_at <= $as_of
        AND (target_version = 1 OR valid_from_on <= $in_force_on)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY indicator_no, recipient_id ORDER BY target_version DESC) = 1
),

sorted AS (
    SELECT
        r.indicator_no,
        CASE
            WHEN r.scored_kind = 'other' THEN 'words'
            WHEN i.rollup_method = 'sum' AND i.entry_kind = 'value' THEN 'sum'
            WHEN
                r.bound IS NOT NULL AND r.scored_kind IN (
                    'at_least', 'at_most', 'more_than', 'less_than', 'equal', 'range',
                    'increase_over_last_year', 'decrease_over_last_year'
                ) THEN 'bound'
            ELSE 'words'
        END AS proof_method
    FROM newest AS r
    JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = r.indicator_no
    WHERE r.recipient_id = 'region' AND i.entry_kind <> 'from_receipt'
)

SELECT
    i.indicator_no,
    i.dimension,
    i.measure,
    i.indicator_name,
    i.short_name,
    i.entry_kind,
    i.rollup_method,
    s.proof_method,
    t.recipient_id,
    COALESCE(u.recipient_name, '') AS recipient_name,
    COALESCE(u.short_name, '') AS recipient_short_name,
    COALESCE(u.display_no, 0) AS display_no,
    t.target_version,
    t.target_text,
    t.target_kind,
    t.scored_kind,
    t.kind_reason,
    t.bound,
    t.upper_bound,
    t.scale,
    t.target_unit,
    t.valid_from_on,
    -- The first version only repeats the region's total: nobody gave the unit its part yet.
    s.proof_method = 'sum' AND t.recipient_id <> 'region' AND t.target_version = 1 AS is_undecomposed
FROM newest AS t
JOIN sorted AS s ON s.indicator_no = t.indicator_no
JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = t.indicator_no
LEFT JOIN recipient AS u ON u.recipient_id = t.recipient_id
ORDER BY i.indicator_no, display_no, t.recipient_id;
