-- query:  reported_value
-- asks:   what each unit's newest report of each round says of each indicator
-- grain:  one row per reported value
-- unit:   as reported
-- params: $notice_key; reads reported_money
SELECT
    m.round_id,
    m.round_name,
    m.period_end_on,
    m.recipient_id,
    m.report_id,
    a.indicator_no,
    i.short_name,
    i.indicator_name,
    i.entry_kind,
    a.numerator,
    a.denominator,
    a.actual_value,
    a.prior_value,
    a.band,
    a.band_share,
    a.is_not_applicable,
    a.place_text
FROM reported_money AS m
JOIN actual AS a ON a.notice_key = $notice_key AND a.report_id = m.report_id
JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = a.indicator_no;
