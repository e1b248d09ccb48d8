-- query:  notice_payout
-- asks:   which payouts of the notice's money the integrated system lists, and how long each has been open
-- grain:  one row per payout of a current export
-- unit:   元; waited_days is days from its day, or the day it was due, to the asked day
-- params: none; reads asked, monitor_limit, docked_payout, aid_kind_name
SELECT
    p.export_no,
    p.file_name,
    p.line_no,
    p.payout_key,
    p.payment_key,
    p.recipient_id,
    p.budget_item_code,
    p.marker_text,
    p.aid_kind,
    COALESCE(k.aid_name, p.aid_kind) AS aid_name,
    COALESCE(k.is_monthly, FALSE) AS is_monthly,
    k.item_codes,
    p.pay_month,
    p.pay_month + (l.payout_day - 1) AS due_on,
    p.paid_on,
    CAST(a.as_of_on - COALESCE(p.paid_on, p.pay_month + (l.payout_day - 1)) AS INTEGER) AS waited_days,
    p.amount_yuan,
    p.person_hash,
    p.is_person_no_valid,
    p.account_hash,
    p.channel,
    p.payout_state,
    -- Aid that is given once may be given again in the same month: only the same day and amount is a repetition.
    CASE WHEN k.is_monthly THEN '' ELSE COALESCE(CAST(p.paid_on AS TEXT), '') || ' ' || p.amount_yuan END AS once_text
FROM docked_payout AS p
CROSS JOIN asked AS a
CROSS JOIN monitor_limit AS l
LEFT JOIN aid_kind_name AS k ON k.aid_kind = p.aid_kind
WHERE p.is_of_notice AND p.system_name = 'integrated';
