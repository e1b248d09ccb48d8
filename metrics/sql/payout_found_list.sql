-- query:  payout_found_list
-- asks:   where the payouts of each list stand in the files, those with the most money first
-- grain:  one row per list and payout, at most a hundred of each list and recipient
-- unit:   元
-- params: none; reads payout_found_line, unit_money
SELECT
    r.list_key,
    r.note_key,
    r.recipient_id,
    u.recipient_name,
    u.display_no,
    r.person_hash,
    r.aid_name,
    r.pay_month,
    r.paid_on,
    r.amount_yuan,
    r.stake_yuan,
    r.standard_yuan,
    r.stopped_on,
    r.file_name,
    r.line_no
FROM (
    SELECT
        f.*,
        ROW_NUMBER() OVER (
            PARTITION BY f.list_key, f.recipient_id
            ORDER BY
                CASE WHEN f.note_key IN ('first_across', 'again_across') THEN 0 ELSE 1 END,
                f.stake_yuan DESC, f.export_no, f.line_no
        ) AS row_no
    FROM payout_found_line AS f
) AS r
JOIN unit_money AS u ON u.recipient_id = r.recipient_id
WHERE r.row_no <= 100
ORDER BY r.list_key, u.display_no, r.aid_name, r.pay_month, r.person_hash, r.stake_yuan, r.file_name, r.line_no;
