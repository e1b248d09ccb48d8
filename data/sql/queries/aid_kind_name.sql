-- query:  aid_kind_name
-- asks:   what each kind of aid is called, whether it is paid month by month, and which account it is booked to
-- grain:  one row per kind of aid
-- unit:   none
-- params: none
SELECT
    k.aid_kind,
    k.aid_name,
    k.is_monthly,
    k.item_codes
FROM (
    VALUES
    ('urban_allowance', '城市低保', TRUE, ['2081901']),
    ('rural_allowance', '农村低保', TRUE, ['2081902']),
    ('extreme_hardship', '特困人员救助供养', TRUE, ['2082101', '2082102']),
    ('orphan', '孤儿', TRUE, ['2081001']),
    ('de_facto_orphan', '事实无人抚养儿童', TRUE, ['2081001']),
    ('temporary_aid', '临时救助', FALSE, ['2082001']),
    ('homeless_aid', '流浪乞讨人员救助', FALSE, ['2082002'])
) AS k (aid_kind, aid_name, is_monthly, item_codes);
