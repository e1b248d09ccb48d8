-- check:    T03
-- title:    各单位目标与区域目标措辞相同
-- severity: note
-- grain:    one row per unit whose words differ from the region's; no rows means pass
-- unit:     none
-- params:   $with_passing; reads current_target, which is targets_of_notice.sql
-- source:   this bureau's own rule: whether other words are stricter is for people to say
SELECT
    u.indicator_no,
    u.short_name,
    u.recipient_id,
    u.recipient_name,
    u.scored_kind,
    u.target_unit,
    r.target_text AS region_text,
    u.target_text AS unit_text,
    CAST(NULL AS DECIMAL(18, 4)) AS stated_value,
    CAST(NULL AS DECIMAL(18, 4)) AS computed_value,
    CAST(NULL AS DECIMAL(18, 4)) AS difference_value,
    '' AS missing_names,
    u.target_text = r.target_text AS holds
FROM current_target AS u
JOIN current_target AS r ON r.indicator_no = u.indicator_no AND r.recipient_id = 'region'
WHERE
    u.proof_method = 'words'
    AND u.recipient_id <> 'region'
    AND ($with_passing OR u.target_text <> r.target_text)
ORDER BY u.indicator_no, u.display_no;
