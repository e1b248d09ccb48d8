-- step:  002
-- keeps: rule versions and which one a round is scored by, each change of a target, what the prefecture
--        reports for itself, what a reviewer decided; a store of step 001 keeps every score it has
-- unit:  micro-points; limits of the rule book in millionths of their unit

CREATE TABLE rule_version (
    rule_version TEXT PRIMARY KEY,
    profile_name TEXT NOT NULL,
    effective_on DATE NOT NULL,
    change_reason TEXT NOT NULL,
    adopted_at TIMESTAMP NOT NULL,
    adopted_by TEXT NOT NULL
);

-- A rule that a version does not use has no row in it.
CREATE TABLE rule_value (
    rule_version TEXT NOT NULL,
    rule_key TEXT NOT NULL,
    value_micro BIGINT NOT NULL,
    source_text TEXT NOT NULL
);

-- Fixed when a round is opened: a new version of the rules never moves an old round.
ALTER TABLE round ADD COLUMN rule_version TEXT DEFAULT '2021-1';

CREATE TABLE round_weight (
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    weight_micro BIGINT NOT NULL
);

INSERT INTO round_weight
SELECT r.document_number, r.round_id, i.indicator_no, i.weight_micro
FROM round AS r
JOIN indicator AS i ON i.document_number = r.document_number;

-- A target is never overwritten: each change is a version of its own, with who, when, why and by whose approval.
CREATE TABLE target_kept AS
SELECT
    t.*,
    i.target_text,
    n.published_at AS changed_at,
    '下达文件所印' AS change_reason,
    n.document_number AS approval_text
FROM target AS t
JOIN indicator AS i ON i.document_number = t.document_number AND i.indicator_no = t.indicator_no
JOIN notice AS n ON n.document_number = t.document_number;

DROP TABLE target;

-- recipient_id is a unit's, or 'region' for the target of the prefecture as a whole.
CREATE TABLE target (
    document_number TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    recipient_id TEXT NOT NULL,
    target_version INTEGER NOT NULL,
    target_text TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    scored_kind TEXT NOT NULL,
    kind_reason TEXT NOT NULL,
    bound DECIMAL(18, 4),
    upper_bound DECIMAL(18, 4),
    scale INTEGER NOT NULL,
    target_unit TEXT NOT NULL,
    target_due_on DATE,
    valid_from_on DATE NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by TEXT NOT NULL,
    change_reason TEXT NOT NULL,
    approval_text TEXT NOT NULL
);

INSERT INTO target BY NAME
SELECT * EXCLUDE (approved_by), approved_by AS changed_by FROM target_kept;

-- Step 001 handed the region's target to every unit as it stood: any unit's first version is the region's.
INSERT INTO target BY NAME
SELECT * EXCLUDE (approved_by) REPLACE ('region' AS recipient_id), approved_by AS changed_by
FROM target_kept
WHERE target_version = 1
QUALIFY ROW_NUMBER() OVER (PARTITION BY document_number, indicator_no ORDER BY recipient_id) = 1;

DROP TABLE target_kept;

-- 自评得分: what the unit itself claims, beside what the rule makes of its figures.
ALTER TABLE actual ADD COLUMN claimed_micro BIGINT;

-- A review holds for what it looked at: a new version of the report, of the target or of the weight asks for a new one.
CREATE TABLE review (
    review_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    report_id TEXT NOT NULL,
    target_version INTEGER NOT NULL,
    weight_micro BIGINT NOT NULL,
    reviewed_micro BIGINT NOT NULL,
    review_reason TEXT NOT NULL,
    reviewed_at TIMESTAMP NOT NULL,
    reviewed_by TEXT NOT NULL
);

-- What only the prefecture itself can report; the newest entry of an indicator counts.
CREATE TABLE region_actual (
    entry_no BIGINT PRIMARY KEY,
    document_number TEXT NOT NULL,
    round_id TEXT NOT NULL,
    indicator_no INTEGER NOT NULL,
    numerator DECIMAL(18, 4),
    denominator DECIMAL(18, 4),
    actual_value DECIMAL(18, 4),
    prior_value DECIMAL(18, 4),
    band INTEGER,
    band_share DECIMAL(7, 4),
    evidence_text TEXT NOT NULL,
    entered_at TIMESTAMP NOT NULL,
    entered_by TEXT NOT NULL
);
