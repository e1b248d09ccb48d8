-- write:  begin_export_words
-- does:   names how the words of an export's cells are read: days, months, money, people's numbers
-- grain:  one temporary macro each
-- unit:   money in the unit of its cell; a word that cannot be read gives NULL
-- params: none
CREATE OR REPLACE TEMP MACRO plain(cell) AS TRIM(COALESCE(cell, ''), ' ' || CHR(9) || CHR(160) || CHR(12288) || '''');

-- A time of day behind the day is dropped.
CREATE OR REPLACE TEMP MACRO day_of(cell) AS CAST(
    TRY_STRPTIME(
        SPLIT_PART(REPLACE(cell, 'T', ' '), ' ', 1), ['%Y-%m-%d', '%Y/%m/%d', '%Y%m%d', '%Y.%m.%d', '%Y年%m月%d日']
    ) AS DATE
);

-- A month is its first day; a whole date stands for its month.
CREATE OR REPLACE TEMP MACRO month_of(cell) AS COALESCE(
    CAST(TRY_STRPTIME(
        CASE WHEN REGEXP_FULL_MATCH(cell, '[0-9]{6}') THEN LEFT(cell, 4) || '-' || RIGHT(cell, 2) ELSE cell END
        || '|01',
        ['%Y-%m|%d', '%Y/%m|%d', '%Y年%m月|%d', '%Y.%m|%d']
    ) AS DATE),
    CAST(DATE_TRUNC('month', day_of(cell)) AS DATE)
);

-- At most two decimals of 元 may stand: what cannot be held to the fen is not money.
CREATE OR REPLACE TEMP MACRO yuan_of(cell, factor) AS CASE
    WHEN REGEXP_FULL_MATCH(cell, '-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?')
        AND TRY_CAST(REPLACE(cell, ',', '') AS DECIMAL(24, 8)) * factor * 100
        = FLOOR(TRY_CAST(REPLACE(cell, ',', '') AS DECIMAL(24, 8)) * factor * 100)
        THEN TRY_CAST(TRY_CAST(REPLACE(cell, ',', '') AS DECIMAL(24, 8)) * factor AS DECIMAL(18, 2))
END;

CREATE OR REPLACE TEMP MACRO year_of(cell) AS
CASE WHEN REGEXP_FULL_MATCH(cell, '(19|20)[0-9]{2}') THEN CAST(cell AS INTEGER) END;

-- The weights of GB 11643 over the first seventeen digits; the last character is the check digit.
CREATE OR REPLACE TEMP MACRO is_person_no(cell) AS CASE
    WHEN REGEXP_FULL_MATCH(cell, '[1-9][0-9]{16}[0-9X]')
        THEN SUBSTR('10X98765432', CAST((
            TRY_CAST(SUBSTR(cell, 1, 1) AS INTEGER) * 7 + TRY_CAST(SUBSTR(cell, 2, 1) AS INTEGER) * 9
            + TRY_CAST(SUBSTR(cell, 3, 1) AS INTEGER) * 10 + TRY_CAST(SUBSTR(cell, 4, 1) AS INTEGER) * 5
            + TRY_CAST(SUBSTR(cell, 5, 1) AS INTEGER) * 8 + TRY_CAST(SUBSTR(cell, 6, 1) AS INTEGER) * 4
            + TRY_CAST(SUBSTR(cell, 7, 1) AS INTEGER) * 2 + TRY_CAST(SUBSTR(cell, 8, 1) AS INTEGER) * 1
            + TRY_CAST(SUBSTR(cell, 9, 1) AS INTEGER) * 6 + TRY_CAST(SUBSTR(cell, 10, 1) AS INTEGER) * 3
            + TRY_CAST(SUBSTR(cell, 11, 1) AS INTEGER) * 7 + TRY_CAST(SUBSTR(cell, 12, 1) AS INTEGER) * 9
            + TRY_CAST(SUBSTR(cell, 13, 1) AS INTEGER) * 10 + TRY_CAST(SUBSTR(cell, 14, 1) AS INTEGER) * 5
            + TRY_CAST(SUBSTR(cell, 15, 1) AS INTEGER) * 8 + TRY_CAST(SUBSTR(cell, 16, 1) AS INTEGER) * 4
            + TRY_CAST(SUBSTR(cell, 17, 1) AS INTEGER) * 2
        ) % 11 + 1 AS INTEGER), 1) = RIGHT(cell, 1)
    ELSE REGEXP_FULL_MATCH(cell, '[1-9][0-9]{14}')
END;

-- HMAC-SHA256 of a word by the two pads of the key, the first 128 bits; NULL for an empty one.
CREATE OR REPLACE TEMP MACRO hashed(cell, inner_pad, outer_pad) AS CASE
    WHEN cell <> ''
        THEN CAST(LEFT(SHA256(outer_pad || UNHEX(SHA256(inner_pad || ENCODE(cell)))), 32) AS UUID)
END;
