-- query:  form_head
-- asks:   what stands at the head of each unit's form in one round
-- grain:  one row per unit of the notice, narrowed to one unit unless it is ''; none if notice or round are not there
-- unit:   元; explained_yuan is empty where nobody has said why more was paid than handed down
-- params: $document_number and its $notice_key, $round_id, $recipient_id
SELECT
    u.recipient_id,
    n.fund_name,
    r.round_name,
    r.period_end_on,
    r.opens_on,
    r.due_on,
    u.recipient_name,
    SUM(l.after_yuan) AS after_yuan,
    (
        SELECT MAX_BY(e.explained_yuan, e.reason_no)
        FROM rate_reason AS e
        WHERE e.document_number = $document_number AND e.recipient_id = u.recipient_id
    ) AS explained_yuan
FROM notice AS n
JOIN round AS r ON r.notice_key = n.notice_key AND r.round_id = $round_id
JOIN allocation_line AS l
    ON l.notice_key = n.notice_key AND ($recipient_id = '' OR l.recipient_id = $recipient_id)
JOIN recipient AS u ON u.recipient_id = l.recipient_id
WHERE n.notice_key = $notice_key
GROUP BY u.recipient_id, n.fund_name, r.round_name, r.period_end_on, r.opens_on, r.due_on, u.recipient_name;
