-- check:    T01
-- title:    各单位目标相加＝区域目标
-- severity: fatal
-- grain:    one row per bound of a total whose parts do not add up to it; no rows means pass
-- unit:     the target's own
-- params:   $with_passing; reads current_target, which is targets_of_notice.sql
-- source:   metrics.law.ROLL_UP_SOURCE: absolute values are added. A total that nobody decomposed yet claims nothing
WITH part AS (
    SELECT
        indicator_no,
        -- 不承担 has no bound and adds nothing.
        SUM(CASE WHEN is_undecomposed THEN 0 ELSE COALESCE(bound, 0) END) AS lower_sum,
        SUM(CASE WHEN is_undecomposed THEN 0 ELSE COALESCE(upper_bound, 0) END) AS upper_sum,
        COUNT(*) AS unit_count,
        SUM(CASE WHEN is_undecomposed THEN 1 ELSE 0 END) AS missing_count,
        STRING_AGG(CASE WHEN is_undecomposed THEN recipient_name END, '、' ORDER BY display_no) AS missing_names
    FROM current_target
    WHERE proof_method = 'sum' AND recipient_id <> 'region'
    GROUP BY indicator_no
),

compared AS (
    SELECT
        r.*,
        r.bound AS stated_value,
        p.lower_sum AS computed_value,
        p.missing_count,
        COALESCE(p.missing_names, '') AS missing_names
    FROM current_target AS r
    JOIN part AS p ON p.indicator_no = r.indicator_no
    WHERE r.recipient_id = 'region' AND p.missing_count < p.unit_count
    UNION ALL
    SELECT
        r.*,
        r.upper_bound,
        p.upper_sum,
        p.missing_count,
        COALESCE(p.missing_names, '')
    FROM current_target AS r
    JOIN part AS p ON p.indicator_no = r.indicator_no
    WHERE r.recipient_id = 'region' AND p.missing_count < p.unit_count AND r.scored_kind = 'range'
)

SELECT
    indicator_no,
    short_name,
    '' AS recipient_id,
    '' AS recipient_name,
    scored_kind,
    target_unit,
    target_text AS region_text,
    '' AS unit_text,
    stated_value,
    computed_value,
    computed_value - stated_value AS difference_value,
    missing_names,
    missing_count = 0 AND computed_value = stated_value AS holds
FROM compared
WHERE $with_passing OR missing_count > 0 OR computed_value IS DISTINCT FROM stated_value
ORDER BY indicator_no, stated_value;
