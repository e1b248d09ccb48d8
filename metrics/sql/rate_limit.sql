-- query:  rate_limit
-- asks:   up to how much each unit may have paid for its rate to be shown: a rate over 100 % is not, without its reason
-- grain:  one row per recipient of the notice
-- unit:   元
-- params: none; reads unit_money, newest_rate_reason
-- rule:   what was handed down, or the amount up to which somebody has said why more was paid. Who has paid more than
--         that is over the whole without a reason.
-- empty:  where the paper leaves the amount blank: there is no rate to show
SELECT
    u.recipient_id,
    CASE WHEN n.explained_yuan > u.after_yuan THEN n.explained_yuan ELSE u.after_yuan END AS limit_yuan
FROM unit_money AS u
LEFT JOIN newest_rate_reason AS n ON n.recipient_id = u.recipient_id;
