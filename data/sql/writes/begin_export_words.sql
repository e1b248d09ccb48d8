-- write:  begin_export_words
-- does:   names how the words of an export's cells are read: numbers as words, days, months, money, people's numbers
-- grain:  one temporary macro each
-- unit:   money in the unit of its cell; a word that cannot be read gives NULL
-- params: none
-- Few cells have anything around them, and to trim is slow. No IN: a list of five becomes a join, for each cell two.
CREATE OR REPLACE TEMP MACRO plain(cell) AS CASE
    WHEN
        CONTAINS(' ' || CHR(9) || CHR(160) || CHR(12288) || '''', LEFT(cell, 1))
        OR CONTAINS(' ' || CHR(9) || CHR(160) || CHR(12288) || '''', RIGHT(cell, 1))
        THEN TRIM(cell, ' ' || CHR(9) || CHR(160) || CHR(12288) || '''')
    ELSE cell
END;

-- Numbers as a person would have typed them; ``lost`` stands for one that has more digits than were kept: fifteen of a
-- double, seven of a single number, of which two may be behind the point.
CREATE OR REPLACE TEMP MACRO double_words(number, lost) AS CASE
    WHEN ISNAN(number) THEN NULL
    WHEN ABS(number) >= 1e15 THEN lost
    WHEN ABS(number) >= 1e-4 OR number = 0 THEN FORMAT('{:.15g}', number)
    ELSE RTRIM(FORMAT('{:.15f}', number), '0')
END;

CREATE OR REPLACE TEMP MACRO single_words(number, lost) AS CASE
    WHEN ISNAN(number) THEN NULL
    WHEN ABS(number) >= 1e5 THEN lost
    ELSE REGEXP_REPLACE(CAST(number AS VARCHAR), '\.0$', '')
END;

-- The usual form goes before, for it is read much faster; a time of day behind the day is dropped.
CREATE OR REPLACE TEMP MACRO day_of(cell) AS CASE
    WHEN cell LIKE '____-__-__' THEN TRY_CAST(cell AS DATE)
    WHEN cell <> '' THEN CAST(TRY_STRPTIME(
        SPLIT_PART(REPLACE(cell, 'T', ' '), ' ', 1),
        ['%Y-%m-%d', '%Y/%m/%d', '%Y%m%d', '%Y.%m.%d', '%Y年%m月%d日', '%Y%m%d%H%M%S']
    ) AS DATE)
END;

-- A month is its first day; a whole date stands for its month. 2021.1 is told by unclear-month, for a number drops the
-- last 0 of 2021.10.
CREATE OR REPLACE TEMP MACRO month_of(cell) AS CASE
    WHEN cell LIKE '____-__' THEN TRY_CAST(cell || '-01' AS DATE)
    WHEN cell <> '' THEN COALESCE(
        CAST(TRY_STRPTIME(
            REGEXP_REPLACE(cell, '^([0-9]{4})([0-9]{2})$', '\1-\2') || '|01',
            ['%Y-%m|%d', '%Y/%m|%d', '%Y年%m月|%d', '%Y.%m|%d']
        ) AS DATE),
        CAST(DATE_TRUNC('month', day_of(cell)) AS DATE)
    )
END;

-- At most two decimals of 元 may stand: what cannot be held to the fen is not money.
CREATE OR REPLACE TEMP MACRO number_of(cell) AS CASE
    WHEN TRANSLATE(cell, '0123456789.-', '') = '' THEN TRY_CAST(cell AS DECIMAL(24, 8))
    WHEN REGEXP_FULL_MATCH(cell, '-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?')
        THEN TRY_CAST(REPLACE(cell, ',', '') AS DECIMAL(24, 8))
END;

CREATE OR REPLACE TEMP MACRO yuan_of(cell, factor) AS CASE
    WHEN number_of(cell) * factor = CAST(number_of(cell) * factor AS DECIMAL(30, 2))
        THEN TRY_CAST(number_of(cell) * factor AS DECIMAL(18, 2))
END;

CREATE OR REPLACE TEMP MACRO year_of(cell) AS
CASE WHEN REGEXP_FULL_MATCH(cell, '(19|20)[0-9]{2}') THEN CAST(cell AS INTEGER) END;

-- Letters and digits alone, of one width and case: what two spellings of a number or name have in common.
CREATE OR REPLACE TEMP MACRO bare(cell) AS CASE
    WHEN REGEXP_FULL_MATCH(cell, '[0-9A-Z一-龥]*') THEN cell
    ELSE REGEXP_REPLACE(
        UPPER(TRANSLATE(
            cell, '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
            '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ'
        )), '[\x00-/:-@\[-`{-\x{BF}\x{2000}-\x{206F}\x{3000}-\x{3006}\x{3008}-\x{303F}\x{30FB}\x{FE30}-\x{FE6F}'
        || '\x{FEFF}-\x{FF0F}\x{FF1A}-\x{FF20}\x{FF3B}-\x{FF40}\x{FF5B}-\x{FF65}]', '', 'g'
    )
END;

-- A person's number as it is compared and hashed; the usual form goes before.
CREATE OR REPLACE TEMP MACRO person_no_of(cell) AS CASE
    WHEN LENGTH(cell) = 18 AND TRANSLATE(cell, '0123456789X', '') = '' THEN cell
    ELSE bare(cell)
END;

-- The weights of GB 11643 over the first seventeen digits, given as a number; the last character is the check digit.
-- A digit is a quotient less ten times the one before, and ten is -1 modulo 11: so each quotient counts with the
-- weights of its own digit and of the next, and the digits need not be taken apart.
CREATE OR REPLACE TEMP MACRO check_digit(n) AS SUBSTR('10X98765432', CAST((
    n // 10000000000000000 * 5 + n // 1000000000000000 * 8 + n // 100000000000000 * 4 + n // 10000000000000 * 2
    + n // 1000000000000 + n // 100000000000 * 6 + n // 10000000000 * 3 + n // 1000000000 * 7
    + n // 100000000 * 9 + n // 10000000 * 10 + n // 1000000 * 5 + n // 100000 * 8 + n // 10000 * 4 + n // 1000 * 2
    + n // 100 + n // 10 * 6 + n * 2
) % 11 AS INTEGER) + 1, 1);

-- Whether a person's number can be one; old ones have fifteen digits and no check digit.
CREATE OR REPLACE TEMP MACRO is_person_no(number, first_digits) AS CASE
    WHEN LENGTH(number) = 18
        THEN COALESCE(first_digits >= 10000000000000000 AND check_digit(first_digits) = RIGHT(number, 1), FALSE)
    ELSE LENGTH(number) = 15 AND TRANSLATE(number, '0123456789', '') = '' AND LEFT(number, 1) <> '0'
END;

-- HMAC-SHA256 of a word by the two pads of the key, the first 128 bits; NULL for an empty one.
CREATE OR REPLACE TEMP MACRO hashed(cell, inner_pad, outer_pad) AS CASE
    WHEN cell <> ''
        THEN CAST(LEFT(SHA256(outer_pad || UNHEX(SHA256(inner_pad || ENCODE(cell)))), 32) AS UUID)
END;
