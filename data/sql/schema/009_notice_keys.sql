-- step:  009
-- keeps: beside every row of a notice a number that is made of its 文号, so that reading one notice costs the same
--        however many there are. A store of step 008 keeps every row, and each gets its number
-- unit:  none

-- Year, serial number and nine digits of a fingerprint of the whole 文号, in one number: what one issuer hands down in
-- a year stands together and in order, and 文号 of two issuers with the same serial still differ. The engine leaves out
-- whatever holds only other numbers; of a text it compares but the first eight bytes, which one issuer's 文号 share.
-- What begins with a 文号 and | has its number too: a report_id.
CREATE MACRO notice_key(number_text) AS
    COALESCE(TRY_CAST(REGEXP_EXTRACT(
        SPLIT_PART(number_text, '|', 1), '([12][0-9]{3})[^0-9]+([0-9]{1,6})', 1
    ) AS BIGINT), 0) * 1000000000000000
    + COALESCE(TRY_CAST(REGEXP_EXTRACT(
        SPLIT_PART(number_text, '|', 1), '([12][0-9]{3})[^0-9]+([0-9]{1,6})', 2
    ) AS BIGINT), 0) * 1000000000
    + CAST(MD5_NUMBER_LOWER(SPLIT_PART(number_text, '|', 1)) % 1000000000 AS BIGINT);

ALTER TABLE notice ADD COLUMN notice_key BIGINT;
UPDATE notice SET notice_key = notice_key(document_number);
ALTER TABLE notice_line ADD COLUMN notice_key BIGINT;
UPDATE notice_line SET notice_key = notice_key(document_number);
ALTER TABLE notice_field ADD COLUMN notice_key BIGINT;
UPDATE notice_field SET notice_key = notice_key(document_number);
ALTER TABLE notice_cite ADD COLUMN notice_key BIGINT;
UPDATE notice_cite SET notice_key = notice_key(document_number);
ALTER TABLE notice_deadline ADD COLUMN notice_key BIGINT;
UPDATE notice_deadline SET notice_key = notice_key(document_number);
ALTER TABLE notice_finding ADD COLUMN notice_key BIGINT;
UPDATE notice_finding SET notice_key = notice_key(document_number);
ALTER TABLE allocation_table ADD COLUMN notice_key BIGINT;
UPDATE allocation_table SET notice_key = notice_key(document_number);
ALTER TABLE allocation_column ADD COLUMN notice_key BIGINT;
UPDATE allocation_column SET notice_key = notice_key(document_number);
ALTER TABLE allocation_identity ADD COLUMN notice_key BIGINT;
UPDATE allocation_identity SET notice_key = notice_key(document_number);
ALTER TABLE allocation_row ADD COLUMN notice_key BIGINT;
UPDATE allocation_row SET notice_key = notice_key(document_number);
ALTER TABLE allocation_cell ADD COLUMN notice_key BIGINT;
UPDATE allocation_cell SET notice_key = notice_key(document_number);
ALTER TABLE allocation_line ADD COLUMN notice_key BIGINT;
UPDATE allocation_line SET notice_key = notice_key(document_number);
ALTER TABLE target_sheet ADD COLUMN notice_key BIGINT;
UPDATE target_sheet SET notice_key = notice_key(document_number);
ALTER TABLE indicator ADD COLUMN notice_key BIGINT;
UPDATE indicator SET notice_key = notice_key(document_number);
ALTER TABLE target ADD COLUMN notice_key BIGINT;
UPDATE target SET notice_key = notice_key(document_number);
ALTER TABLE round ADD COLUMN notice_key BIGINT;
UPDATE round SET notice_key = notice_key(document_number);
ALTER TABLE round_weight ADD COLUMN notice_key BIGINT;
UPDATE round_weight SET notice_key = notice_key(document_number);
ALTER TABLE report ADD COLUMN notice_key BIGINT;
UPDATE report SET notice_key = notice_key(document_number);
ALTER TABLE report_draft ADD COLUMN notice_key BIGINT;
UPDATE report_draft SET notice_key = notice_key(document_number);
ALTER TABLE actual_current ADD COLUMN notice_key BIGINT;
UPDATE actual_current SET notice_key = notice_key(document_number);
ALTER TABLE score ADD COLUMN notice_key BIGINT;
UPDATE score SET notice_key = notice_key(document_number);
ALTER TABLE receipt ADD COLUMN notice_key BIGINT;
UPDATE receipt SET notice_key = notice_key(document_number);
ALTER TABLE review ADD COLUMN notice_key BIGINT;
UPDATE review SET notice_key = notice_key(document_number);
ALTER TABLE region_actual ADD COLUMN notice_key BIGINT;
UPDATE region_actual SET notice_key = notice_key(document_number);
ALTER TABLE evidence_file ADD COLUMN notice_key BIGINT;
UPDATE evidence_file SET notice_key = notice_key(document_number);
ALTER TABLE report_event ADD COLUMN notice_key BIGINT;
UPDATE report_event SET notice_key = notice_key(report_id);
ALTER TABLE actual ADD COLUMN notice_key BIGINT;
UPDATE actual SET notice_key = notice_key(report_id);
ALTER TABLE value_check ADD COLUMN notice_key BIGINT;
UPDATE value_check SET notice_key = notice_key(report_id);

CREATE OR REPLACE VIEW row_identity AS
WITH term AS (
    SELECT
        i.notice_key,
        i.table_no,
        i.identity_no,
        i.identity_kind,
        i.column_no,
        c.row_no,
        SUM(c.amount_yuan) AS computed_yuan,
        COUNT(c.amount_yuan) AS filled_count
    FROM allocation_identity AS i
    JOIN allocation_cell AS c
        ON c.notice_key = i.notice_key
        AND c.table_no = i.table_no
        AND c.column_no = i.term_column_no
    GROUP BY i.notice_key, i.table_no, i.identity_no, i.identity_kind, i.column_no, c.row_no
)

SELECT
    t.notice_key,
    t.identity_kind,
    r.line_no,
    r.row_name || '：' || h.column_name AS subject_text,
    s.amount_yuan AS stated_yuan,
    t.computed_yuan
FROM term AS t
JOIN allocation_row AS r
    ON r.notice_key = t.notice_key AND r.table_no = t.table_no AND r.row_no = t.row_no
JOIN allocation_column AS h
    ON h.notice_key = t.notice_key AND h.table_no = t.table_no AND h.column_no = t.column_no
JOIN allocation_cell AS s
    ON s.notice_key = t.notice_key AND s.table_no = t.table_no
    AND s.row_no = t.row_no AND s.column_no = t.column_no
WHERE s.amount_yuan IS NOT NULL OR t.filled_count > 0;
