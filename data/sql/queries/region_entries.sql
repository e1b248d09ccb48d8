-- query:  region_entries
-- asks:   what the prefecture entered itself for an indicator of a round, every time
-- grain:  one row per entry, the newest first; the newest counts
-- unit:   as entered; shares in percent
-- params: $notice_key, $round_id, $as_of
SELECT
    a.entry_no,
    a.indicator_no,
    i.short_name,
    a.numerator,
    a.denominator,
    a.actual_value AS value,
    a.prior_value,
    a.band,
    a.band_share,
    a.evidence_text,
    a.entered_at,
    a.entered_by
FROM region_actual AS a
JOIN indicator AS i ON i.notice_key = a.notice_key AND i.indicator_no = a.indicator_no
WHERE a.notice_key = $notice_key AND a.round_id = $round_id AND a.entered_at <= $as_of
ORDER BY a.entry_no DESC;
