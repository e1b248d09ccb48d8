-- query:  counting_reviews
-- asks:   which points a reviewer decided on what a unit reported, against which target, at which weight, and
--         from when to when that decision was the newest
-- grain:  one row per review
-- unit:   micro-points
-- params: $notice_key
-- rule:   a review counts for a score of the same report_id, indicator_no, target_version and weight_micro, while it
--         is the newest of its report and indicator: points against another target, or of another weight, say nothing.
SELECT
    *,
    COALESCE(
        LEAD(reviewed_at) OVER (PARTITION BY report_id, indicator_no ORDER BY review_no), TIMESTAMP '9999-12-31'
    ) AS replaced_at
FROM review
WHERE notice_key = $notice_key;
