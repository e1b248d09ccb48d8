"""Rows of ``score_input`` of every kind, as a store of many regions, rounds and notices would hold them.

2,844 regions of county level report 20 indicators in 12 rounds of each notice. Among them are missing states, values on
the very border, zero denominators and last year's zeros. All is made of the row's number: every run has the same rows.
"""

from __future__ import annotations

from pathlib import Path

from data.store import Store

TABLE, INDICATORS = "bench_score_input", "bench_indicator"
PER_NOTICE = 20 * 2844 * 12
# number, kind, whether it is reported as two counts, scale, how it rolls up, how it is entered
KINDS = (
    ("at_least", True, 100, "ratio", "ratio"), ("at_most", False, 1, "sum", "value"),
    ("more_than", True, 100, "ratio", "ratio"), ("less_than", True, 100, "ratio", "ratio"),
    ("equal", False, 1, "sum", "value"), ("range", True, 100, "ratio", "ratio"),
    ("full_coverage", True, 1, "ratio", "coverage"), ("not_below_last_year", False, 1, "all_hold", "versus_prior"),
    ("increase_over_last_year", False, 1, "sum", "versus_prior"),
    ("decrease_over_last_year", False, 1, "sum", "versus_prior"),
    ("working_day_deadline", False, 1, "unit_share", "from_receipt"),
    ("calendar_day_deadline", False, 1, "unit_share", "from_receipt"),
    ("date_deadline", False, 1, "unit_share", "date"), ("qualitative", False, 1, "weighted_mean", "qualitative"),
    ("at_least", True, 1000, "ratio", "ratio"), ("at_least", False, 1, "sum", "value"),
    ("not_below_last_year", True, 100, "ratio", "ratio_versus_prior"), ("at_least", True, 100, "unit_share", "ratio"),
    ("other", False, 1, "sum", "value"), ("not_assigned", False, 1, "sum", "value"),
)
MAKE = f"""
CREATE TABLE {TABLE} AS
WITH numbered AS (
    SELECT
        i * 2654435761 % 4294967296 AS h, (i * 1597334677 + 12345) % 4294967296 AS g,
        (i * 2246822519 + 977) % 4294967296 AS f, CAST(i % 20 + 1 AS INTEGER) AS indicator_no, i // 20 % 2844 AS unit,
        i // 56880 % 12 + 1 AS month, i // {PER_NOTICE} + 1 AS notice
    FROM RANGE($rows) AS t (i)
)
SELECT
    '财社〔2021〕' || n.notice || '号' AS document_number,
    'u' || LPAD(CAST(n.unit AS TEXT), 4, '0') AS recipient_id,
    n.indicator_no,
    '2021-' || LPAD(CAST(n.month AS TEXT), 2, '0') AS round_id,
    TIMESTAMP '2021-12-31 10:00:00' AS valid_from,
    '2021-1' AS rule_version,
    k.scored_kind,
    k.scale,
    CAST(CASE
        WHEN k.scored_kind IN ('increase_over_last_year', 'decrease_over_last_year')
            THEN CASE WHEN unit % 2 = 0 THEN unit % 10 END
        WHEN k.scored_kind NOT IN ('at_least', 'at_most', 'more_than', 'less_than', 'equal', 'range') THEN NULL
        WHEN k.is_counted THEN 85 + unit % 11
        ELSE 20 + unit % 200
    END AS DECIMAL(18, 4)) AS bound,
    CAST(CASE WHEN k.scored_kind = 'range' THEN 96 + unit % 5 END AS DECIMAL(18, 4)) AS upper,
    -- The very bound, nothing of nothing, one count alone.
    CAST(CASE WHEN k.is_counted AND h % 97 <> 0 THEN CASE
        WHEN g % 53 = 0 THEN 0 WHEN f % 31 = 0 THEN (85 + unit % 11) * (g % 50) ELSE g % 5000 * (70 + f % 31) // 100
    END END AS DECIMAL(18, 4)) AS numerator,
    CAST(CASE WHEN k.is_counted AND h % 89 <> 0 THEN CASE
        WHEN g % 53 = 0 THEN 0 WHEN f % 31 = 0 THEN 100 * (g % 50) ELSE g % 5000
    END END AS DECIMAL(18, 4)) AS denominator,
    CAST(CASE WHEN k.entry_kind IN ('value', 'versus_prior') AND h % 83 <> 0 THEN CASE
        WHEN f % 29 = 0 THEN 20 + unit % 200 ELSE CAST(g % 25000 AS DECIMAL(9, 2)) * 0.01
    END END AS DECIMAL(18, 4)) AS value,
    CAST(CASE WHEN k.scored_kind LIKE '%last_year' AND h % 79 <> 0 THEN CASE
        WHEN g % 41 = 0 THEN 0 ELSE g % 230
    END END AS DECIMAL(18, 4)) AS prior_value,
    CASE WHEN k.scored_kind = 'qualitative' AND h % 73 <> 0
        THEN CASE WHEN f % 51 >= 30 THEN 1 WHEN f % 51 >= 10 THEN 2 ELSE 3 END END AS band,
    CAST(CASE WHEN k.scored_kind = 'qualitative' THEN 50 + f % 51 END AS DECIMAL(7, 4)) AS band_share,
    k.scored_kind = 'qualitative' AND h % 61 <> 0 AS is_evidenced,
    CASE WHEN k.entry_kind = 'from_receipt' THEN 3 END AS allowed_days,
    CAST(CASE WHEN k.entry_kind = 'from_receipt' AND h % 59 <> 0 THEN g % 8 END AS INTEGER) AS taken_days,
    CASE WHEN h % 101 = 0 THEN DATE '2022-01-10' ELSE DATE '2021-12-27' END AS due_on,
    CASE WHEN k.scored_kind LIKE '%deadline' AND h % 23 <> 0
        THEN DATE '2021-12-20' + CAST(g % 12 AS INTEGER) END AS done_on,
    DATE '2021-12-31' AS as_of_on,
    h % 37 <> 0 AS is_reported,
    h % 43 <> 0 AS is_applicable,
    CAST(CASE WHEN n.indicator_no <= 12 THEN 4166667 ELSE 5000000 END AS BIGINT) AS weight_micro,
    CAST(100000 + unit * 1234.56 AS DECIMAL(18, 2)) AS after_yuan
FROM numbered AS n
JOIN {INDICATORS} AS k ON k.indicator_no = n.indicator_no
"""


def kept_rows(folder: Path, rows: int) -> Path:
    """A store with so many rows, made when it is first asked for."""
    path = folder / f"score-input-{rows}.duckdb"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".part")
        made.unlink(missing_ok=True)
        store = Store(made)
        with store.transaction() as cursor:
            cursor.run(
                f"CREATE TABLE {INDICATORS} (indicator_no INTEGER, scored_kind TEXT, is_counted BOOLEAN, "
                "scale INTEGER, rollup_method TEXT, entry_kind TEXT)"
            )
            names = ("scored_kind", "is_counted", "scale", "rollup_method", "entry_kind")
            cursor.insert(INDICATORS, [
                {"indicator_no": number, **dict(zip(names, kind, strict=True))}
                for number, kind in enumerate(KINDS, start=1)
            ])
            cursor.run(MAKE, {"rows": rows})
        store.close()
        made.rename(path)
    return path


def written_parquet(database: Path, rows: int) -> Path:
    """The same rows as a Parquet file, for programs that cannot read a store."""
    path = database.with_suffix(".parquet")
    if not path.exists():
        store = Store(database)
        with store.reading() as cursor:
            cursor.run(f"COPY (FROM {TABLE} LIMIT {rows}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")
        store.close()
    return path
