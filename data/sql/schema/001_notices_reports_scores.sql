-- step:  001
-- keeps: papers, who got how much, targets, rounds, reports, scores, receipts, the log
-- unit:  money in 元 as DECIMAL(18,2); scores in micro-points; rates never stored, only their two sides

CREATE TABLE workspace_setting (
    setting_key TEXT PRIMARY KEY,
    setting_value TEXT NOT NULL
);

CREATE TABLE received_file (
    file_sha256 TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    content BLOB NOT NULL,
    received_at TIMESTAMP NOT NULL,
    received_by TEXT NOT NULL
);

CREATE TABLE recipient (
    recipient_id TEXT PRIMARY KEY,
    recipient_name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    recipient_kind TEXT NOT NULL,
    division_code TEXT,
    display_no INTEGER NOT NULL
);

CREATE TABLE notice (
    document_number TEXT PRIMARY KEY,
    title TEXT,
    issuer TEXT,
    dated_on DATE,
    printed_on DATE,
    fund_name TEXT,
    fiscal_year INTEGER,
    amount_yuan DECIMAL(18, 2),
    direct_fund_marker TEXT,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    published_at TIMESTAMP NOT NULL,
    published_by TEXT NOT NULL
);

CREATE TABLE notice_line (
    document_number TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    line_text TEXT NOT NULL,
    place_text TEXT NOT NULL
);

CREATE TABLE notice_field (
    document_number TEXT NOT NULL,
    field_name TEXT NOT NULL,
    value_text TEXT NOT NULL,
    printed_text TEXT NOT NULL,
    line_no INTEGER
);

CREATE TABLE notice_cite (
    document_number TEXT NOT NULL,
    cited_number TEXT NOT NULL,
    line_no INTEGER NOT NULL
);

CREATE TABLE notice_deadline (
    document_number TEXT NOT NULL,
    deadline_no INTEGER NOT NULL,
    what_text TEXT NOT NULL,
    counted_from_text TEXT NOT NULL,
    printed_text TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    working_day_count INTEGER,
    calendar_day_count INTEGER,
    due_on DATE
);

CREATE TABLE notice_finding (
    document_number TEXT NOT NULL,
    finding_no INTEGER NOT NULL,
    finding_code TEXT NOT NULL,
    severity TEXT NOT NULL,
    line_no INTEGER,
    sentence_text TEXT NOT NULL,
    field_name TEXT NOT NULL,
    printed_text TEXT NOT NULL,
    read_text TEXT NOT NULL
);

CREATE TABLE correction (
    correction_no BIGINT PRIMARY KEY,
    file_sha256 TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    field_name TEXT NOT NULL,
    printed_text TEXT NOT NULL,
    corrected_text TEXT NOT NULL,
    correction_reason TEXT NOT NULL,
    corrected_at TIMESTAMP NOT NULL,
    corrected_by TEXT NOT NULL
);

CREATE TABLE allocation_table (
    document_number TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    table_title TEXT NOT NULL,
    unit_text TEXT NOT NULL,
    amount_column_no INTEGER,
    is_cut_off BOOLEAN NOT NULL,
    is_prose BOOLEAN NOT NULL
);

CREATE TABLE allocation_column (
    document_number TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    column_no INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    column_role TEXT NOT NULL,
    source_document TEXT NOT NULL,
    stated_total_yuan DECIMAL(18, 2),
    head_line_no INTEGER NOT NULL
);

CREATE TABLE allocation_identity (
    document_number TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    identity_no INTEGER NOT NULL,
    identity_kind TEXT NOT NULL,
    column_no INTEGER NOT NULL,
    term_column_no INTEGER NOT NULL
);

CREATE TABLE allocation_row (
    document_number TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    row_kind TEXT NOT NULL,
    row_name TEXT NOT NULL,
    printed_name TEXT NOT NULL,
    parent_name TEXT NOT NULL,
    recipient_id TEXT
);

CREATE TABLE allocation_cell (
    document_number TEXT NOT NULL,
    table_no INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    column_no INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    printed_text TEXT NOT NULL,
    amount_yuan DECIMAL(18, 2)
);

-- Every sum that a table's heads state, row by row: what the sum cell prints, what its parts add up to.
-- An empty part adds nothing; a sum whose cells are all empty states nothing.
CREATE VIEW row_identity AS
WITH term AS (
    SELECT
        i.document_number,
        i.table_no,
        i.identity_no,
        i.identity_kind,
        i.column_no,
        c.row_no,
        SUM(c.amount_yuan) AS computed_yuan,
        COUNT(c.amount_yuan) AS filled_count
    FROM allocation_identity AS i
    JOIN allocation_cell AS c
        ON c.document_number = i.document_number
        AND c.table_no = i.table_no
        AND c.column_no = i.term_column_no
    GROUP BY i.document_number, i.table_no, i.identity_no, i.identity_kind, i.column_no, c.row_no
)

SELECT
    t.document_number,
    t.identity_kind,
    r.line_no,
    r.row_name || '：' || h.column_name AS subject_text,
    s.amount_yuan AS stated_yuan,
    t.computed_yuan
FROM term AS t
JOIN allocation_row AS r
    ON r.document_number = t.document_number AND r.table_no = t.table_no AND r.row_no = t.row_no
JOIN allocation_column AS h
    ON h.document_number = t.document_number AND h.table_no = t.table_no AND h.column_no = t.column_no
JOIN allocation_cell AS s
    ON s.document_number = t.document_number AND s.table_no = t.table_no
    AND s.row_no = t.row_no AND s.column_no = t.column_no
WHERE s.amount_yuan IS NOT NULL OR t.filled_count > 0;

CREATE TABLE allocation_line (
    document_number TEXT NOT NULL,
    source_document TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    before_yuan DECIMAL(18, 2),
    adjustment_yuan DECIMAL(18, 2),
    after_yuan DECIMAL(18, 2)
);

CREATE TABLE target_sheet (
    document_number TEXT PRIMARY KEY,
    line_no INTEGER NOT NULL,
    annual_amount_yuan DECIMAL(18, 2),
    annual_amount_line_no INTEGER,
    central_subsidy_yuan DECIMAL(18, 2),
    local_subsidy_yuan DECIMAL(18, 2),
    annual_objective TEXT NOT NULL
);

CREATE TABLE indicator (
    document_number TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    dimension TEXT NOT NULL,
    measure TEXT NOT NULL,
    indicator_name TEXT NOT NULL,
    printed_name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    target_text TEXT NOT NULL,
    entry_kind TEXT NOT NULL,
    numerator_label TEXT NOT NULL,
    denominator_label TEXT NOT NULL,
    unit_text TEXT NOT NULL,
    rollup_method TEXT NOT NULL,
    weight_micro BIGINT NOT NULL,
    is_default_weight BOOLEAN NOT NULL
);

CREATE TABLE target (
    document_number TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    recipient_id TEXT NOT NULL,
    target_version INTEGER NOT NULL,
    target_kind TEXT NOT NULL,
    scored_kind TEXT NOT NULL,
    kind_reason TEXT NOT NULL,
    bound DECIMAL(18, 4),
    upper_bound DECIMAL(18, 4),
    scale INTEGER NOT NULL,
    target_unit TEXT NOT NULL,
    target_due_on DATE,
    valid_from_on DATE NOT NULL,
    approved_by TEXT NOT NULL
);

CREATE TABLE round (
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    round_name TEXT NOT NULL,
    period_end_on DATE NOT NULL,
    opens_on DATE NOT NULL,
    due_on DATE NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    opened_by TEXT NOT NULL
);

CREATE TABLE report (
    report_id TEXT PRIMARY KEY,
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    report_version INTEGER NOT NULL,
    report_state TEXT NOT NULL,
    paid_yuan DECIMAL(18, 2),
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    filled_by TEXT NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    submitted_by TEXT NOT NULL
);

CREATE TABLE actual (
    report_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    numerator DECIMAL(18, 4),
    denominator DECIMAL(18, 4),
    actual_value DECIMAL(18, 4),
    prior_value DECIMAL(18, 4),
    band INTEGER,
    band_share DECIMAL(7, 4),
    is_not_applicable BOOLEAN NOT NULL,
    evidence_text TEXT NOT NULL,
    deviation_reason TEXT NOT NULL,
    improvement_measure TEXT NOT NULL,
    place_text TEXT NOT NULL
);

-- The version that counts, kept apart from history so that scoring never has to look for it.
CREATE TABLE actual_current (
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    report_id TEXT NOT NULL,
    numerator DECIMAL(18, 4),
    denominator DECIMAL(18, 4),
    actual_value DECIMAL(18, 4),
    prior_value DECIMAL(18, 4),
    band INTEGER,
    band_share DECIMAL(7, 4),
    is_not_applicable BOOLEAN NOT NULL,
    evidence_text TEXT NOT NULL
);

-- A score holds from valid_from until valid_to: the page's 统计截止日 picks the one that held then.
CREATE TABLE score (
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    valid_to TIMESTAMP NOT NULL,
    scored_kind TEXT NOT NULL,
    state TEXT NOT NULL,
    achieved DECIMAL(38, 8),
    required DECIMAL(38, 8),
    score_micro BIGINT,
    weight_micro BIGINT NOT NULL,
    attainment_micro BIGINT,
    deviation_micro BIGINT,
    gap_points_micro BIGINT,
    allowed_days INTEGER,
    taken_days INTEGER,
    due_on DATE,
    done_on DATE,
    report_id TEXT,
    target_version INTEGER NOT NULL,
    rule_version TEXT NOT NULL
);

CREATE TABLE receipt (
    receipt_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    receipt_step TEXT NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    amount_yuan DECIMAL(18, 2),
    marker_text TEXT NOT NULL,
    evidence_text TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL
);

CREATE TABLE audit_log (
    entry_no BIGINT PRIMARY KEY,
    happened_at TIMESTAMP NOT NULL,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    action_name TEXT NOT NULL,
    subject_text TEXT NOT NULL,
    detail_json TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    entry_hash TEXT NOT NULL
);
