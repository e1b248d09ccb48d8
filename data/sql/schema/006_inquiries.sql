-- step:  006
-- keeps: 问效单 (inquiries): what was asked of which unit on which facts, every signed step of their life with its
--        evidence, what was proposed and dismissed, consequences against the money, and what became of the rules that
--        propose. Rows are only ever added: a state is that of the newest step.
-- unit:  元

-- What was asked. indicator_no is 0 for the unit as a whole; rule_key is empty where a person opened it freely.
-- facts_key says in short on which facts the rule proposed it: the same facts do not propose it again.
CREATE TABLE inquiry (
    inquiry_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    rule_key TEXT NOT NULL,
    facts_key TEXT NOT NULL,
    is_audit_rectification BOOLEAN NOT NULL,
    question_text TEXT NOT NULL,
    fact_text TEXT NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    opened_by TEXT NOT NULL
);

-- One signed step; inquiry_state is the state after it: awaiting_answer, answered, rectifying, rechecking, referred,
-- closed. due_on stands where the step sets a new one. judgement: upheld, not_upheld, or empty where none was made.
-- gap_text says why there is no evidence; legal_keys are keys of metrics.law.ALL_SOURCES, with commas between them;
-- paper_text and paper_on are the document that a step rests on.
CREATE TABLE inquiry_event (
    step_no BIGINT PRIMARY KEY,
    inquiry_no BIGINT NOT NULL,
    inquiry_step TEXT NOT NULL,
    inquiry_state TEXT NOT NULL,
    words_text TEXT NOT NULL,
    measure_text TEXT NOT NULL,
    gap_text TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    due_on DATE,
    judgement TEXT NOT NULL,
    legal_keys TEXT NOT NULL,
    paper_text TEXT NOT NULL,
    paper_on DATE,
    happened_at TIMESTAMP NOT NULL,
    done_by TEXT NOT NULL,
    done_role TEXT NOT NULL
);

-- Evidence beside a step; the bytes stand in received_file.
CREATE TABLE inquiry_file (
    file_no BIGINT PRIMARY KEY,
    step_no BIGINT NOT NULL,
    inquiry_no BIGINT NOT NULL,
    recipient_id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL
);

-- What a rule proposed and a person turned down.
CREATE TABLE inquiry_dismissal (
    dismissal_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    rule_key TEXT NOT NULL,
    facts_key TEXT NOT NULL,
    fact_text TEXT NOT NULL,
    dismissal_reason TEXT NOT NULL,
    dismissed_at TIMESTAMP NOT NULL,
    dismissed_by TEXT NOT NULL
);

-- What an inquiry came to against the unit's money: suspend (暂缓拨款), recover (收回), next_year (下年因素); the last one
-- has words and no amount.
CREATE TABLE consequence (
    consequence_no BIGINT PRIMARY KEY,
    inquiry_no BIGINT NOT NULL,
    consequence_kind TEXT NOT NULL,
    amount_yuan DECIMAL(18, 2),
    factor_text TEXT NOT NULL,
    legal_keys TEXT NOT NULL,
    consequence_reason TEXT NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    decided_by TEXT NOT NULL
);

-- A consequence that holds no longer.
CREATE TABLE consequence_lift (
    consequence_no BIGINT PRIMARY KEY,
    lift_reason TEXT NOT NULL,
    lifted_at TIMESTAMP NOT NULL,
    lifted_by TEXT NOT NULL
);

-- What an officer decided about a rule that proposes: retire, keep or restore, on how many judged ones.
CREATE TABLE inquiry_rule_change (
    rule_change_no BIGINT PRIMARY KEY,
    rule_key TEXT NOT NULL,
    rule_decision TEXT NOT NULL,
    judged_count BIGINT NOT NULL,
    change_reason TEXT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by TEXT NOT NULL
);
