-- query:  uneven_payout
-- asks:   which payouts have to be looked at person by person
-- grain:  one row per document, recipient, month and kind of aid of which the two systems do not say the same
-- unit:   none; has_account, has_person, has_day: whether both systems' exports name any of the unit's, else these are
--         not compared
-- params: none; reads comparable_payout
-- rule:   under each account and marker the sums, the counts and what persons, amounts and days come to in whatever
--         order (the sum of their hashes) are compared; where no person is named, the days are not
WITH added AS (
    SELECT
        system_name, document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind,
        SUM(amount_yuan) AS amount_yuan,
        COUNT(*) AS head_count,
        COUNT(person_hash) AS person_count,
        COUNT(paid_on) AS day_count,
        SUM(HASH(person_hash, amount_yuan)) AS person_sum,
        SUM(HASH(person_hash, amount_yuan, paid_on)) AS day_sum
    FROM comparable_payout
    GROUP BY system_name, document_number, recipient_id, budget_item_code, marker_text, pay_month, aid_kind
),

named AS (
    SELECT
        recipient_id,
        COUNT(DISTINCT system_name) FILTER (WHERE budget_item_code <> '') = 2 AS has_account,
        COUNT(DISTINCT system_name) FILTER (WHERE person_count > 0) = 2 AS has_person,
        COUNT(DISTINCT system_name) FILTER (WHERE person_count > 0) = 2
        AND COUNT(DISTINCT system_name) FILTER (WHERE day_count > 0) = 2 AS has_day
    FROM added
    GROUP BY recipient_id
),

beside AS (
    SELECT
        a.document_number,
        a.recipient_id,
        a.pay_month,
        a.aid_kind,
        n.has_account,
        n.has_person,
        n.has_day,
        SUM(CASE WHEN a.system_name = 'integrated' THEN a.amount_yuan ELSE -a.amount_yuan END) AS short_yuan,
        SUM(CASE WHEN a.system_name = 'integrated' THEN a.head_count ELSE -a.head_count END) AS short_count,
        SUM(CASE WHEN a.system_name = 'integrated' THEN a.person_sum ELSE -a.person_sum END) AS short_person,
        SUM(CASE WHEN a.system_name = 'integrated' THEN a.day_sum ELSE -a.day_sum END) AS short_day
    FROM added AS a
    JOIN named AS n ON n.recipient_id = a.recipient_id
    GROUP BY
        a.document_number, a.recipient_id, a.pay_month, a.aid_kind, n.has_account, n.has_person, n.has_day,
        CASE WHEN n.has_account THEN a.budget_item_code END, a.marker_text
)

SELECT DISTINCT document_number, recipient_id, pay_month, aid_kind, has_account, has_person, has_day
FROM beside
WHERE
    short_yuan <> 0
    OR short_count <> 0
    OR (has_person AND short_person <> 0)
    OR (has_day AND short_day <> 0);
