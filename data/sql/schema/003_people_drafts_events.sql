-- step:  003
-- keeps: people and how they sign in; drafts, what happened to each report, checks of values, evidence
--        files; tokens and answers of machines. A store of step 002 keeps every report and score it has
-- unit:  moments of sign-in are those of the clock in UTC, also in a demonstration; all others as before

-- recipient_id is the unit that the person speaks for; empty for the prefecture.
-- password_hash is empty for who signs in by other means only.
CREATE TABLE account (
    account_id TEXT PRIMARY KEY,
    person_name TEXT NOT NULL,
    role TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    is_disabled BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    password_changed_at TIMESTAMP,
    must_change_password BOOLEAN NOT NULL,
    totp_secret TEXT NOT NULL,
    totp_last_step BIGINT NOT NULL,
    oidc_subject TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE former_password (
    account_id TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    replaced_at TIMESTAMP NOT NULL
);

-- Only the hash of a session's secret is kept: who reads the store cannot take over a session.
CREATE TABLE web_session (
    session_sha256 TEXT NOT NULL,
    account_id TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    active_at TIMESTAMP NOT NULL,
    address_text TEXT NOT NULL
);

-- subject_text is an account or an address that sign-ins failed for.
CREATE TABLE sign_in_failure (
    subject_text TEXT NOT NULL,
    failure_count INTEGER NOT NULL,
    failed_at TIMESTAMP NOT NULL
);

-- Secrets that work once: the first administrator's set-up link.
CREATE TABLE setup_link (
    link_sha256 TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

CREATE TABLE api_token (
    token_id TEXT PRIMARY KEY,
    token_sha256 TEXT NOT NULL,
    token_name TEXT NOT NULL,
    account_id TEXT NOT NULL,
    scopes_text TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);

-- The answer that a request with an idempotency key got: the same request again gets the same answer.
CREATE TABLE api_answer (
    account_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    status_code INTEGER NOT NULL,
    answer_json TEXT NOT NULL,
    answered_at TIMESTAMP NOT NULL
);

-- What a unit has typed so far, right or wrong; one a unit and round, gone when the report is submitted.
-- draft_no grows with each save: who saves over another's work is told. base_report_id is the version that the cells
-- go on from, empty before the first: who would submit over a version not yet seen is told.
CREATE TABLE report_draft (
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    draft_no INTEGER NOT NULL,
    cells_json TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    base_report_id TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by TEXT NOT NULL
);

-- What happened to a version of a report: submitted, returned, accepted, locked, reopened. The newest event is
-- the state of the report.
CREATE TABLE report_event (
    event_no BIGINT PRIMARY KEY,
    report_id TEXT NOT NULL,
    report_state TEXT NOT NULL,
    event_reason TEXT NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    done_by TEXT NOT NULL
);

INSERT INTO report_event
SELECT
    ROW_NUMBER() OVER (ORDER BY submitted_at, report_id),
    report_id,
    'submitted',
    '',
    submitted_at,
    submitted_by
FROM report;

ALTER TABLE report DROP COLUMN report_state;

-- 已知局限: what the unit says of its own figures when it submits them.
ALTER TABLE report ADD COLUMN statement_text TEXT DEFAULT '';

-- A reviewer's word on one reported value: confirmed or questioned; the newest of a report's value counts.
-- evidence_nos_text are the files that stood beside it then: with other files a confirmation does not hold.
CREATE TABLE value_check (
    check_no BIGINT PRIMARY KEY,
    report_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    check_reason TEXT NOT NULL,
    evidence_nos_text TEXT NOT NULL,
    checked_at TIMESTAMP NOT NULL,
    checked_by TEXT NOT NULL
);

-- The bytes are in received_file. indicator_no 0 stands for the report as a whole.
CREATE TABLE evidence_file (
    evidence_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by TEXT NOT NULL,
    removed_at TIMESTAMP,
    removed_by TEXT NOT NULL
);

-- What became of each row of a bulk import, as the person or program was told; entry_no is the import's in the log.
-- indicator_no is 0 for the row of the money and empty where it could not be read.
CREATE TABLE import_row (
    entry_no BIGINT NOT NULL,
    line_no INTEGER NOT NULL,
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    indicator_no INTEGER,
    row_outcome TEXT NOT NULL,
    fault_code TEXT NOT NULL,
    place_text TEXT NOT NULL,
    sentence_text TEXT NOT NULL
);

-- Who acted with which account, for which unit, from where: empty in entries of before this step.
ALTER TABLE audit_log ADD COLUMN account_id TEXT DEFAULT '';
ALTER TABLE audit_log ADD COLUMN actor_recipient_id TEXT DEFAULT '';
ALTER TABLE audit_log ADD COLUMN origin_text TEXT DEFAULT '';
