-- check:    T02
-- title:    各单位目标不宽于区域目标
-- severity: fatal
-- grain:    one row per unit whose bound is laxer than the region's; no rows means pass
-- unit:     the target's own
-- params:   $with_passing; reads current_target, which is targets_of_notice.sql
-- source:   this bureau's own rule: where every unit keeps the region's rate, the region keeps it
WITH compared AS (
    SELECT
        u.*,
        r.target_text AS region_text,
        CASE
            WHEN r.scored_kind = 'range' AND u.bound >= r.bound THEN r.upper_bound
            ELSE r.bound
        END AS stated_value,
        CASE
            WHEN r.scored_kind = 'range' AND u.bound >= r.bound THEN u.upper_bound
            ELSE u.bound
        END AS computed_value,
        COALESCE(
            CASE r.scored_kind
                WHEN 'at_most' THEN u.bound <= r.bound
                WHEN 'less_than' THEN u.bound <= r.bound
                WHEN 'equal' THEN u.bound = r.bound
                WHEN 'range' THEN u.bound >= r.bound AND u.upper_bound <= r.upper_bound
                ELSE u.bound >= r.bound
            END,
            FALSE
        ) AS holds
    FROM current_target AS u
    JOIN current_target AS r ON r.indicator_no = u.indicator_no AND r.recipient_id = 'region'
    WHERE u.proof_method = 'bound' AND u.recipient_id <> 'region'
)

SELECT
    indicator_no,
    short_name,
    recipient_id,
    recipient_name,
    scored_kind,
    target_unit,
    region_text,
    target_text AS unit_text,
    stated_value,
    computed_value,
    computed_value - stated_value AS difference_value,
    '' AS missing_names,
    holds
FROM compared
WHERE $with_passing OR NOT holds
ORDER BY indicator_no, display_no;
