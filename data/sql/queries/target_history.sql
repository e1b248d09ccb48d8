-- query:  target_history
-- asks:   who changed which target when, from what to what, why and by whose approval
-- grain:  one row per change, the newest first; what the notice itself prints is no change
-- unit:   none
-- params: $notice_key, $as_of
WITH versions AS (
    SELECT
        t.*,
        LAG(t.target_text) OVER (
            PARTITION BY t.indicator_no, t.recipient_id ORDER BY t.target_version
        ) AS old_text
    FROM target AS t
    WHERE t.notice_key = $notice_key AND t.changed_at <= $as_of
)

SELECT
    v.changed_at,
    v.changed_by,
    v.indicator_no,
    i.short_name,
    v.recipient_id,
    COALESCE(u.recipient_name, '') AS recipient_name,
    v.target_version,
    -- The first version of a unit's part of a total only repeats the region's.
    CASE
        WHEN
            v.target_version = 2 AND v.recipient_id <> 'region'
            AND i.rollup_method = 'sum' AND i.entry_kind = 'value' THEN ''
        ELSE v.old_text
    END AS old_text,
    v.target_text,
    v.valid_from_on,
    v.change_reason,
    v.approval_text
FROM versions AS v
JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = v.indicator_no
LEFT JOIN recipient AS u ON u.recipient_id = v.recipient_id
WHERE v.target_version > 1
ORDER BY v.changed_at DESC, v.indicator_no, COALESCE(u.display_no, 0);
