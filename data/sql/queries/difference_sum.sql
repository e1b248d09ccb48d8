-- query:  difference_sum
-- asks:   how many differences each unit has, and how much money they concern
-- grain:  one row per recipient, kind of record, kind of difference and state
-- unit:   元; stake_yuan counts money once that several comparisons tell of
-- params: none; reads known_difference
SELECT
    recipient_id,
    recipient_name,
    record_kind,
    difference_kind,
    difference_state,
    COUNT(*) AS difference_count,
    SUM(counted_yuan) AS stake_yuan
FROM known_difference
GROUP BY recipient_id, recipient_name, display_no, record_kind, difference_kind, difference_state
ORDER BY display_no, record_kind, difference_kind, difference_state;
