-- query:  limit_values
-- asks:   what the bureau set each limit of monitoring to, as it holds on a day
-- grain:  one row per limit that the bureau set; the others hold as shipped
-- unit:   that of the limit
-- params: $as_of
SELECT
    limit_key,
    set_value,
    effective_on,
    change_reason,
    entered_at,
    entered_by
FROM limit_value
WHERE effective_on <= CAST($as_of AS DATE)
QUALIFY ROW_NUMBER() OVER (PARTITION BY limit_key ORDER BY effective_on DESC, limit_no DESC) = 1;
