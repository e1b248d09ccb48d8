-- query:  checked_values
-- asks:   what the newest version of each unit's report says value by value, what the version before said, and what
--         reviewers said of it, as known at a moment; a confirmation holds as long as the figures, the words of the
--         evidence and the files beside the value and beside the whole report stay the same
-- grain:  one row per recipient and value that was filled in; indicator_no 0 is the money paid; a value that only the
--         version before has is a row with is_withdrawn
-- unit:   as reported; the money paid in 元
-- params: $notice_key, $round_id, $as_of
WITH version AS (
    SELECT
        report_id,
        recipient_id,
        report_version,
        paid_yuan,
        MAX(report_version) OVER (PARTITION BY recipient_id) AS newest_version
    FROM report
    WHERE notice_key = $notice_key AND round_id = $round_id AND submitted_at <= $as_of
),

figure AS (
    SELECT
        v.*,
        a.indicator_no,
        a.numerator,
        a.denominator,
        a.actual_value,
        a.prior_value,
        a.band,
        a.band_share,
        a.is_not_applicable,
        a.evidence_text
    FROM version AS v
    JOIN actual AS a ON a.notice_key = $notice_key AND a.report_id = v.report_id
    WHERE
        a.is_not_applicable
        OR COALESCE(a.numerator, a.denominator, a.actual_value, a.band, a.band_share) IS NOT NULL
    UNION ALL BY NAME
    SELECT
        v.*,
        0 AS indicator_no,
        v.paid_yuan AS actual_value,
        FALSE AS is_not_applicable,
        '' AS evidence_text
    FROM version AS v
    WHERE v.paid_yuan IS NOT NULL
),

compared AS (
    SELECT
        f.*,
        p.numerator AS previous_numerator,
        p.denominator AS previous_denominator,
        p.actual_value AS previous_value,
        p.prior_value AS previous_prior_value,
        p.band AS previous_band,
        p.band_share AS previous_band_share,
        p.is_not_applicable AS previous_is_not_applicable,
        p.indicator_no IS NULL
        OR f.numerator IS DISTINCT FROM p.numerator
        OR f.denominator IS DISTINCT FROM p.denominator
        OR f.actual_value IS DISTINCT FROM p.actual_value
        OR f.prior_value IS DISTINCT FROM p.prior_value
        OR f.band IS DISTINCT FROM p.band
        OR f.band_share IS DISTINCT FROM p.band_share
        OR f.is_not_applicable <> p.is_not_applicable
        OR f.evidence_text <> p.evidence_text AS is_other
    FROM figure AS f
    LEFT JOIN figure AS p
        ON p.recipient_id = f.recipient_id
        AND p.indicator_no = f.indicator_no
        AND p.report_version = f.report_version - 1
),

-- Since which version the value stands as it does now.
standing AS (
    SELECT
        *,
        MAX(CASE WHEN is_other THEN report_version END)
            OVER (PARTITION BY recipient_id, indicator_no ORDER BY report_version) AS same_since_version
    FROM compared
),

word AS (
    SELECT
        v.recipient_id,
        v.report_version,
        c.check_no,
        c.indicator_no,
        c.verdict,
        c.check_reason,
        c.evidence_nos_text,
        c.checked_at,
        c.checked_by
    FROM value_check AS c
    JOIN version AS v ON v.report_id = c.report_id
    WHERE c.notice_key = $notice_key AND c.checked_at <= $as_of
    QUALIFY ROW_NUMBER() OVER (PARTITION BY c.report_id, c.indicator_no ORDER BY c.check_no DESC) = 1
),

newest_word AS (
    SELECT
        s.recipient_id,
        s.indicator_no,
        w.report_version,
        w.check_no,
        w.verdict,
        w.check_reason,
        w.evidence_nos_text,
        w.checked_at,
        w.checked_by
    FROM standing AS s
    JOIN word AS w
        ON w.recipient_id = s.recipient_id
        AND w.indicator_no = s.indicator_no
        AND w.report_version BETWEEN s.same_since_version AND s.report_version
    WHERE s.report_version = s.newest_version
    QUALIFY ROW_NUMBER() OVER (PARTITION BY s.recipient_id, s.indicator_no ORDER BY w.check_no DESC) = 1
),

shown AS (
    SELECT
        *,
        FALSE AS is_withdrawn
    FROM standing
    WHERE report_version = newest_version
    UNION ALL BY NAME
    SELECT
        p.recipient_id,
        v.report_id,
        v.report_version,
        v.newest_version,
        p.indicator_no,
        p.numerator AS previous_numerator,
        p.denominator AS previous_denominator,
        p.actual_value AS previous_value,
        p.prior_value AS previous_prior_value,
        p.band AS previous_band,
        p.band_share AS previous_band_share,
        p.is_not_applicable AS previous_is_not_applicable,
        FALSE AS is_not_applicable,
        '' AS evidence_text,
        TRUE AS is_other,
        TRUE AS is_withdrawn
    FROM figure AS p
    JOIN version AS v ON v.recipient_id = p.recipient_id AND v.report_version = v.newest_version
    WHERE
        p.report_version = p.newest_version - 1
        AND NOT EXISTS (
            FROM figure AS f
            WHERE
                f.recipient_id = p.recipient_id
                AND f.indicator_no = p.indicator_no
                AND f.report_version = p.newest_version
        )
),

-- Files beside the whole report are beside each of its values; only its own are counted.
evidence AS (
    SELECT
        s.recipient_id,
        s.indicator_no,
        COUNT(e.evidence_no) FILTER (e.indicator_no = s.indicator_no) AS evidence_count,
        COALESCE(STRING_AGG(CAST(e.evidence_no AS TEXT), ' ' ORDER BY e.evidence_no), '') AS evidence_nos_text
    FROM shown AS s
    LEFT JOIN evidence_file AS e
        ON e.notice_key = $notice_key
        AND e.round_id = $round_id
        AND e.recipient_id = s.recipient_id
        AND e.indicator_no IN (0, s.indicator_no)
        AND e.added_at <= $as_of
        AND (e.removed_at IS NULL OR e.removed_at > $as_of)
    GROUP BY s.recipient_id, s.indicator_no
),

-- A question is about the version it was asked of: sent again, the value has to be looked at again.
held AS (
    SELECT w.*
    FROM newest_word AS w
    JOIN shown AS s ON s.recipient_id = w.recipient_id AND s.indicator_no = w.indicator_no
    JOIN evidence AS e ON e.recipient_id = w.recipient_id AND e.indicator_no = w.indicator_no
    WHERE
        (w.verdict = 'confirmed' AND w.evidence_nos_text = e.evidence_nos_text)
        OR (w.verdict = 'questioned' AND w.report_version = s.report_version)
)

SELECT
    s.recipient_id,
    s.report_id,
    s.report_version,
    s.indicator_no,
    COALESCE(i.short_name, '累计支付') AS short_name,
    COALESCE(i.entry_kind, 'paid') AS entry_kind,
    COALESCE(i.unit_text, '元') AS unit_text,
    s.numerator,
    s.denominator,
    s.actual_value AS value,
    s.prior_value,
    s.band,
    s.band_share,
    s.is_not_applicable,
    s.evidence_text,
    s.previous_numerator,
    s.previous_denominator,
    s.previous_value,
    s.previous_prior_value,
    s.previous_band,
    s.previous_band_share,
    COALESCE(s.previous_is_not_applicable, FALSE) AS previous_is_not_applicable,
    s.is_withdrawn,
    s.is_other AND s.report_version > 1 AS is_changed,
    COALESCE(h.check_no, 0) AS check_no,
    COALESCE(h.verdict, '') AS verdict,
    COALESCE(h.check_reason, '') AS check_reason,
    h.checked_at,
    h.checked_by,
    COALESCE(q.check_reason, '') AS previous_question,
    e.evidence_count,
    e.evidence_nos_text,
    COALESCE(w.verdict = 'confirmed' AND w.evidence_nos_text <> e.evidence_nos_text, FALSE) AS is_evidence_changed
FROM shown AS s
JOIN evidence AS e ON e.recipient_id = s.recipient_id AND e.indicator_no = s.indicator_no
JOIN recipient AS u ON u.recipient_id = s.recipient_id
LEFT JOIN indicator AS i ON i.notice_key = $notice_key AND i.indicator_no = s.indicator_no
LEFT JOIN held AS h ON h.recipient_id = s.recipient_id AND h.indicator_no = s.indicator_no AND NOT s.is_withdrawn
LEFT JOIN word AS q
    ON q.recipient_id = s.recipient_id
    AND q.indicator_no = s.indicator_no
    AND q.report_version = s.report_version - 1
    AND q.verdict = 'questioned'
LEFT JOIN newest_word AS w ON w.recipient_id = s.recipient_id AND w.indicator_no = s.indicator_no
ORDER BY u.display_no, s.indicator_no;
