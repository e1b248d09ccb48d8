-- query:  paid_by_round
-- asks:   how much each unit had paid at the end of a round and of every earlier one, as known at a moment
-- grain:  one row per recipient of the notice and round whose period ends no later than this round's
-- unit:   元; paid_yuan is NULL where the unit did not state it
-- params: $notice_key, $round_id, $as_of
WITH money AS (
    SELECT
        recipient_id,
        SUM(after_yuan) AS after_yuan
    FROM allocation_line
    WHERE notice_key = $notice_key
    GROUP BY recipient_id
),

newest_report AS (
    SELECT
        round_id,
        recipient_id,
        paid_yuan
    FROM report
    WHERE notice_key = $notice_key AND submitted_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY round_id, recipient_id ORDER BY report_version DESC) = 1
)

SELECT
    m.recipient_id,
    u.recipient_name,
    u.display_no,
    r.round_id,
    r.period_end_on,
    m.after_yuan,
    p.paid_yuan
FROM round AS chosen
JOIN round AS r
    ON r.notice_key = chosen.notice_key
    AND (r.round_id = chosen.round_id OR r.period_end_on < chosen.period_end_on)
    AND r.opened_at <= $as_of
CROSS JOIN money AS m
JOIN recipient AS u ON u.recipient_id = m.recipient_id
LEFT JOIN newest_report AS p ON p.round_id = r.round_id AND p.recipient_id = m.recipient_id
WHERE chosen.notice_key = $notice_key AND chosen.round_id = $round_id
ORDER BY u.display_no, r.period_end_on, r.round_id;
