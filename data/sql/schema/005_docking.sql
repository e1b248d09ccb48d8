-- step:  005
-- keeps: what the exports of the two systems say, row by row; what they disagree in; reasons of rates over 100 %;
--        the limits that a bureau monitors by, each from a day on
-- unit:  元; persons and accounts only as keyed hashes, the key is not in the store

-- Money in words, exact to the fen: 2,939.00105 万元, -0.05 万元; NULL stays NULL.
CREATE MACRO wan_text(amount) AS
    CASE WHEN amount < 0 THEN '-' ELSE '' END
    || FORMAT('{:,}', CAST(TRUNC(ABS(amount)) AS BIGINT) // 10000)
    || RTRIM(RTRIM('.' || LPAD(CAST(CAST(ABS(amount) % 10000 * 100 AS BIGINT) AS TEXT), 6, '0'), '0'), '.')
    || ' 万元';

-- How a system's export is read: a table, not code. A version is never changed once adopted.
CREATE TABLE docking_version (
    mapping_key TEXT NOT NULL,
    mapping_version INTEGER NOT NULL,
    system_name TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    source_text TEXT NOT NULL,
    change_reason TEXT NOT NULL,
    adopted_at TIMESTAMP NOT NULL,
    adopted_by TEXT NOT NULL
);

-- One row per head that a field may stand under; unit_text is 元 or 万元 for money, else empty.
CREATE TABLE docking_field (
    mapping_key TEXT NOT NULL,
    mapping_version INTEGER NOT NULL,
    field_name TEXT NOT NULL,
    head_text TEXT NOT NULL,
    unit_text TEXT NOT NULL,
    is_required BOOLEAN NOT NULL
);

-- What a system's word for a state or a kind is called here.
CREATE TABLE docking_word (
    mapping_key TEXT NOT NULL,
    mapping_version INTEGER NOT NULL,
    field_name TEXT NOT NULL,
    word_text TEXT NOT NULL,
    value_text TEXT NOT NULL
);

-- A limit of monitoring as the bureau set it, in the limit's own unit: the newest that is effective by the day asked
-- about holds, and of one day the last one set; before any the shipped one.
CREATE TABLE limit_value (
    limit_no BIGINT PRIMARY KEY,
    limit_key TEXT NOT NULL,
    set_value INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    change_reason TEXT NOT NULL,
    entered_at TIMESTAMP NOT NULL,
    entered_by TEXT NOT NULL
);

-- One loading of one export. It holds until ended_at: replaced by a later one (replaced_by_no) or withdrawn.
-- recipient_id is empty for an export of all units. The file's bytes are not kept: they name persons.
-- row_word says what line_no counts: 行, the lines of the file, or 条, its rows, where a line may not be one row.
CREATE TABLE docked_export (
    export_no BIGINT PRIMARY KEY,
    system_name TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    period_from_on DATE NOT NULL,
    period_to_on DATE NOT NULL,
    mapping_key TEXT NOT NULL,
    mapping_version INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    row_word TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    rejected_count BIGINT NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    loaded_by TEXT NOT NULL,
    ended_at TIMESTAMP,
    ended_by TEXT NOT NULL,
    end_reason TEXT NOT NULL,
    replaced_by_no BIGINT
);

CREATE TABLE docked_reject (
    export_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    fault_code TEXT NOT NULL,
    place_text TEXT NOT NULL,
    sentence_text TEXT NOT NULL
);

CREATE TABLE allotment (
    export_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    allotment_key TEXT NOT NULL,
    document_number TEXT NOT NULL,
    upper_document_number TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    dated_on DATE,
    registered_on DATE,
    recipient_id TEXT NOT NULL,
    budget_item_code TEXT NOT NULL,
    marker_text TEXT NOT NULL,
    amount_yuan DECIMAL(18, 2) NOT NULL
);

-- payee_text and purpose_word are the word of reference/payee_words.csv and purpose_words.csv that the payee's name and
-- the purpose hold: both may name persons and are not kept themselves.
CREATE TABLE payment (
    export_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    payment_key TEXT NOT NULL,
    voucher_no TEXT NOT NULL,
    allotment_key TEXT NOT NULL,
    document_number TEXT NOT NULL,
    fiscal_year INTEGER,
    recipient_id TEXT NOT NULL,
    budget_item_code TEXT NOT NULL,
    marker_text TEXT NOT NULL,
    paid_on DATE NOT NULL,
    amount_yuan DECIMAL(18, 2) NOT NULL,
    payee_kind TEXT NOT NULL,
    payee_text TEXT NOT NULL,
    payee_hash UUID,
    account_hash UUID,
    purpose_word TEXT NOT NULL,
    has_purpose BOOLEAN NOT NULL
);

-- pay_month is the month's first day. payout_state: paid, refunded, failed, pending; channel: bank, cash, empty.
CREATE TABLE payout (
    export_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    payout_key TEXT NOT NULL,
    payment_key TEXT NOT NULL,
    document_number TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    budget_item_code TEXT NOT NULL,
    marker_text TEXT NOT NULL,
    aid_kind TEXT NOT NULL,
    pay_month DATE NOT NULL,
    paid_on DATE,
    amount_yuan DECIMAL(18, 2) NOT NULL,
    person_hash UUID,
    is_person_no_valid BOOLEAN NOT NULL,
    account_hash UUID,
    channel TEXT NOT NULL,
    payout_state TEXT NOT NULL
);

-- 救助标准: per person and month, from a day on; is_fixed where everybody gets exactly it (孤儿, 特困), else at most.
CREATE TABLE benefit_standard (
    export_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    recipient_id TEXT NOT NULL,
    aid_kind TEXT NOT NULL,
    from_on DATE NOT NULL,
    standard_yuan DECIMAL(18, 2) NOT NULL,
    is_fixed BOOLEAN NOT NULL
);

-- 停发名单: nothing may be paid to the person for a month after stopped_on; aid_kind empty for every kind.
CREATE TABLE payout_stop (
    export_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    recipient_id TEXT NOT NULL,
    person_hash UUID NOT NULL,
    aid_kind TEXT NOT NULL,
    stopped_on DATE NOT NULL,
    stop_word TEXT NOT NULL
);

-- What two sources disagree in: opened when first seen, mended when a later export no longer shows it.
-- left and right are notice, integrated or monitoring. difference_kind: missing (right lacks it), extra (left lacks
-- it), amount, marker, account, date, unstated (the paper leaves a blank). pay_month and aid_kind are of payouts only.
-- A count is of lines; for the notice it is empty.
CREATE TABLE difference (
    difference_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    budget_item_code TEXT NOT NULL,
    marker_text TEXT NOT NULL,
    pay_month DATE,
    aid_kind TEXT NOT NULL,
    difference_kind TEXT NOT NULL,
    left_source TEXT NOT NULL,
    right_source TEXT NOT NULL,
    left_yuan DECIMAL(18, 2),
    right_yuan DECIMAL(18, 2),
    left_count BIGINT,
    right_count BIGINT,
    left_text TEXT NOT NULL,
    right_text TEXT NOT NULL,
    left_place_text TEXT NOT NULL,
    right_place_text TEXT NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    mended_at TIMESTAMP
);

-- Why a difference is right as it stands; the newest note counts. An empty one takes the explanation back.
CREATE TABLE difference_note (
    note_no BIGINT PRIMARY KEY,
    difference_no BIGINT NOT NULL,
    note_text TEXT NOT NULL,
    noted_at TIMESTAMP NOT NULL,
    noted_by TEXT NOT NULL
);

-- Why more was paid than handed down, and up to how much that holds: above it such a rate is not shown.
CREATE TABLE rate_reason (
    reason_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    reason_text TEXT NOT NULL,
    explained_yuan DECIMAL(18, 2) NOT NULL,
    entered_at TIMESTAMP NOT NULL,
    entered_by TEXT NOT NULL
);

-- How findings are worded, over the rows that one finding gathers: the months from the first to the last, and where
-- the rows stand in their file, the first twenty by number.
CREATE MACRO month_span(pay_month) AS
    STRFTIME(MIN(pay_month), '%Y年%-m月')
    || CASE WHEN MIN(pay_month) < MAX(pay_month) THEN '至' || STRFTIME(MAX(pay_month), '%Y年%-m月') ELSE '' END;

CREATE MACRO lines_text(file_name, line_no) AS
    '《' || file_name || '》第 ' || ARRAY_TO_STRING(MIN(line_no, 20), '、') || ' 行'
    || CASE WHEN COUNT(*) > 20 THEN '等 ' || COUNT(*) || ' 行' ELSE '' END;
