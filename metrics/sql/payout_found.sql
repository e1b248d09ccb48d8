-- query:  payout_found
-- asks:   how many payouts of each list each unit has, of how many persons, and how much money is in question
-- grain:  one row per list and recipient with something found
-- unit:   payouts (of repeated ones all but the first), persons; 元
-- params: none; reads payout_found_line, unit_money
SELECT
    f.list_key,
    f.recipient_id,
    u.recipient_name,
    u.display_no,
    SUM(CASE WHEN f.note_key IN ('first', 'first_across') THEN 0 ELSE 1 END) AS found_count,
    SUM(CASE WHEN f.note_key IN ('first_across', 'again_across') THEN 1 ELSE 0 END) AS across_count,
    COUNT(DISTINCT f.person_hash) AS person_count,
    SUM(f.stake_yuan) AS stake_yuan
FROM payout_found_line AS f
JOIN unit_money AS u ON u.recipient_id = f.recipient_id
GROUP BY f.list_key, f.recipient_id, u.recipient_name, u.display_no
ORDER BY f.list_key, stake_yuan DESC, u.display_no;
