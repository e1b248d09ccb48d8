-- write:  begin_differences
-- does:   starts the work tables of a comparison: lines and payouts to be looked at, pairs of lines, what differs
-- grain:  none; the tables are empty
-- unit:   元
-- params: none
CREATE OR REPLACE TEMP TABLE loose_line (
    line_id BIGINT,
    record_kind TEXT,
    system_name TEXT,
    file_name TEXT,
    export_no BIGINT,
    line_no BIGINT,
    line_key TEXT,
    document_number TEXT,
    recipient_id TEXT,
    budget_item_code TEXT,
    marker_text TEXT,
    line_on DATE,
    matched_on DATE,
    amount_yuan DECIMAL(18, 2),
    is_even BOOLEAN,
    pool_text TEXT
);
CREATE OR REPLACE TEMP TABLE line_pair (pass_no INTEGER, left_id BIGINT, right_id BIGINT);
CREATE OR REPLACE TEMP TABLE uneven_payout (
    document_number TEXT,
    recipient_id TEXT,
    pay_month DATE,
    aid_kind TEXT,
    has_account BOOLEAN,
    has_person BOOLEAN,
    has_day BOOLEAN
);
CREATE OR REPLACE TEMP TABLE loose_payout (
    system_name TEXT,
    file_name TEXT,
    export_no BIGINT,
    line_no BIGINT,
    document_number TEXT,
    recipient_id TEXT,
    budget_item_code TEXT,
    marker_text TEXT,
    pay_month DATE,
    aid_kind TEXT,
    person_hash UUID,
    paid_on DATE,
    amount_yuan DECIMAL(18, 2)
);
CREATE OR REPLACE TEMP TABLE fresh_difference (
    document_number TEXT,
    recipient_id TEXT,
    record_kind TEXT,
    budget_item_code TEXT,
    marker_text TEXT,
    pay_month DATE,
    aid_kind TEXT,
    difference_kind TEXT,
    left_source TEXT,
    right_source TEXT,
    left_yuan DECIMAL(18, 2),
    right_yuan DECIMAL(18, 2),
    left_count BIGINT,
    right_count BIGINT,
    left_text TEXT,
    right_text TEXT,
    left_place_text TEXT,
    right_place_text TEXT
);
