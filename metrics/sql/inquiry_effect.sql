-- query:  inquiry_effect
-- asks:   of which units money and effect do not go together, so that somebody has to ask
-- grain:  one row per unit in one of the three states that ask: both_behind, money_without_effect,
--         effect_ahead_of_money; the state is the rule
-- unit:   元; micro-points; days
-- params: none; reads effect (effect.sql)
SELECT
    effect_state AS rule_key,
    recipient_id,
    0 AS indicator_no,
    paid_yuan,
    after_yuan,
    elapsed_days,
    year_days,
    score_micro,
    scored_weight_micro
FROM effect
WHERE effect_state IN ('both_behind', 'money_without_effect', 'effect_ahead_of_money');
