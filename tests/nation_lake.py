"""A lake of a made-up nation, of any size, the same on every machine: every kind of target, every way to be missing.

No figure of it is real. Each value is drawn from the row's own place by ``hash``, so that no order and no number of
threads changes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from data.lake import LakeTable, parquet_files, push
from data.store import Store
from metrics.lake import RELATIONS
from metrics.scoring import rule_relation

PROVINCES = (
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
)
COUNTIES_OF_A_STORE = 9
ROUNDS_OF_A_YEAR = 5
# Per indicator: kind, scale, bound, upper bound, how it is reported, how it rolls up.
INDICATORS = (
    ("at_least", 100, 90, None, "ratio", "ratio"),
    ("at_least", 1, 500, None, "value", "sum"),
    ("at_most", 100, 10, None, "ratio", "unit_share"),
    ("at_most", 1, 700, None, "value", "all_hold"),
    ("more_than", 1, 300, None, "value", "weighted_mean"),
    ("less_than", 1, 900, None, "value", "sum"),
    ("equal", 1, 600, None, "value", "sum"),
    ("range", 1, 400, 800, "value", "weighted_mean"),
    ("full_coverage", 1, None, None, "coverage", "ratio"),
    ("not_below_last_year", 1, None, None, "versus_prior", "sum"),
    ("increase_over_last_year", 1, 5, None, "versus_prior", "sum"),
    ("increase_over_last_year", 1, None, None, "versus_prior", "sum"),
    ("decrease_over_last_year", 1, 3, None, "versus_prior", "all_hold"),
    ("working_day_deadline", 1, 3, None, "from_receipt", "all_hold"),
    ("calendar_day_deadline", 1, 30, None, "from_receipt", "unit_share"),
    ("date_deadline", 1, None, None, "from_receipt", "prefecture"),
    ("qualitative", 1, None, None, "qualitative", "weighted_mean"),
    ("other", 1, None, None, "value", "prefecture"),
)
_VERSION = "nation/2021-1"
_COUNTED = "('ratio', 'coverage')"


@dataclass(frozen=True)
class Size:
    """How large the nation is; a row of ``score_input`` is one indicator of a county, a fund and a round."""

    counties: int = 2850
    funds: int = 100
    rounds: int = 2
    provinces: int = 31

    @property
    def rows(self) -> int:
        """The rows of ``score_input``."""
        return self.counties * self.funds * self.rounds * len(INDICATORS)


def make_nation(lake: Path, size: Size) -> None:
    """Write the lake: each relation by one statement, then the list of what counts."""
    store = Store(None)
    with store.reading() as cursor:
        cursor.run("SET preserve_insertion_order = false")
        for statement in _ground(size):
            cursor.run(statement)
        for relation, sql in _RELATION_SQL.items():
            typed = ", ".join(
                f"CAST({name} AS {_sql_type(kind)}) AS {name}" for name, kind in RELATIONS[relation].items()
            )
            (lake / relation).mkdir(parents=True)
            cursor.run(
                f"COPY (SELECT {typed}, year, province FROM ({sql})) TO '{lake / relation}' "
                "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (year, province), FILENAME_PATTERN 'nation-{i}')"
            )
        rule = cursor.arrow(rule_relation().replace("'2021-1'", f"'{_VERSION}'"))
    store.close()
    push(lake, "nation-rules", [LakeTable("rule", rule)], {"bureau_name": "测试", "pushed_at": "2026-01-31"})
    made = {
        relation: [file.relative_to(lake).as_posix() for file in parquet_files(lake / relation)]
        for relation in _RELATION_SQL
    }
    list_files(lake, made)


def list_files(lake: Path, files: dict[str, list[str]]) -> None:
    """Let files that lie in the lake count as one store's."""
    (lake / "pushed" / "nation.json").write_text(json.dumps({"store_id": "nation", "files": files}), encoding="utf-8")


def _sql_type(kind: object) -> str:
    return {
        "string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "bool": "BOOLEAN", "date32[day]": "DATE",
        "timestamp[us]": "TIMESTAMP", "decimal128(18, 4)": "DECIMAL(18, 4)", "decimal128(18, 2)": "DECIMAL(18, 2)",
        "decimal128(7, 4)": "DECIMAL(7, 4)",
    }[str(kind)]


def _ground(size: Size) -> list[str]:
    """What every relation is made of: counties, rounds, indicators, and one row per county, fund and round."""
    stores = -(-size.counties // COUNTIES_OF_A_STORE)
    codes = ", ".join(f"'{code}'" for code in PROVINCES[:size.provinces])
    kinds = ", ".join(
        f"({number}, '{kind}', {scale}, {_null(bound)}, {_null(upper)}, '{entry}', '{rollup}')"
        for number, (kind, scale, bound, upper, entry, rollup) in enumerate(INDICATORS, start=1)
    )
    return [
        f"CREATE TABLE kind AS SELECT * FROM (VALUES {kinds}) "
        "AS t(indicator_no, scored_kind, scale, bound, upper, entry_kind, rollup_method)",
        f"""CREATE TABLE county AS
        SELECT
            c, s, province,
            province || LPAD(s::VARCHAR, 4, '0') AS store_id,
            province || LPAD(c::VARCHAR, 4, '0') AS county_code
        FROM (
            SELECT
                c, c // {COUNTIES_OF_A_STORE} AS s,
                [{codes}][1 + (c // {COUNTIES_OF_A_STORE}) * {size.provinces} // {stores}] AS province
            FROM RANGE({size.counties}) AS t(c)
        )""",
        f"""CREATE TABLE span AS
        SELECT
            r, 2021 + r // {ROUNDS_OF_A_YEAR} AS fiscal_year,
            LAST_DAY(MAKE_DATE(2021 + r // {ROUNDS_OF_A_YEAR}, 4 + 2 * (r % {ROUNDS_OF_A_YEAR}), 1)) AS period_end_on
        FROM RANGE({size.rounds}) AS t(r)""",
        f"""CREATE VIEW place AS
        SELECT
            c.*, f, p.*, p.fiscal_year::VARCHAR AS year,
            c.store_id || '/资〔' || p.fiscal_year || '〕' || f || '号' AS document_number,
            STRFTIME(p.period_end_on, '%Y-%m') AS round_id,
            c.store_id || '/' || c.county_code AS recipient_id,
            HASH(c.c, f, p.r) AS h, HASH(c.c, f, p.r) % 41 = 0 AS is_silent
        FROM county AS c, RANGE({size.funds}) AS t(f), span AS p""",
        """CREATE VIEW noticed AS
        SELECT DISTINCT store_id, province, f, r, year, fiscal_year, period_end_on, document_number, round_id
        FROM place""",
    ]


def _null(value: int | None) -> str:
    return "NULL" if value is None else str(value)


_RELATION_SQL = {
    "notice_round": """
        SELECT
            document_number, round_id, SPLIT_PART(document_number, '/', 2) AS printed_number,
            CASE WHEN f > 0 THEN '第' || f || '项资金' END AS fund_name, fiscal_year, period_end_on,
            period_end_on + 5 AS due_on, MAKE_DATE(fiscal_year, 12, 20) AS as_of_on, year, province
        FROM noticed""",
    "score_input": f"""
        SELECT
            document_number, recipient_id, indicator_no, round_id, period_end_on + 6 AS valid_from,
            '{_VERSION}' AS rule_version, scored_kind, scale, bound, upper,
            CASE
                WHEN is_shown AND entry_kind IN {_COUNTED} AND k % 61 > 0
                    THEN CASE WHEN k % 53 = 0 THEN 0 WHEN k % 7 < 3 THEN whole ELSE whole * (60 + k % 45) // 100 END
            END AS numerator,
            CASE WHEN is_shown AND entry_kind IN {_COUNTED} THEN CASE WHEN k % 53 = 0 THEN 0 ELSE whole END END
                AS denominator,
            CASE
                WHEN is_shown AND entry_kind IN ('value', 'versus_prior') AND k % 67 > 0 THEN (k % 12000000) / 10000
            END AS value,
            CASE WHEN is_shown AND entry_kind = 'versus_prior' AND k % 31 > 0 THEN (k // 7 % 10000000) / 10000 END
                AS prior_value,
            CASE
                WHEN is_shown AND scored_kind = 'qualitative'
                    THEN CASE WHEN share >= 80 THEN 1 WHEN share >= 60 THEN 2 ELSE 3 END
            END AS band,
            CASE WHEN is_shown AND scored_kind = 'qualitative' THEN share END AS band_share,
            k % 23 > 0 AS is_evidenced,
            CASE WHEN scored_kind = 'working_day_deadline' THEN 3 WHEN scored_kind = 'calendar_day_deadline' THEN 30 END
                AS allowed_days,
            CASE
                WHEN scored_kind = 'working_day_deadline' AND is_done THEN k % 6
                WHEN scored_kind = 'calendar_day_deadline' AND is_done THEN k % 40
            END AS taken_days,
            period_end_on + 5 AS due_on,
            CASE WHEN entry_kind = 'from_receipt' AND is_done THEN period_end_on + (k % 9)::INTEGER END AS done_on,
            period_end_on + CASE WHEN k % 37 = 0 THEN 3 ELSE 6 END AS as_of_on,
            entry_kind = 'from_receipt' OR is_shown AS is_reported,
            k % 97 > 0 AS is_applicable,
            5000000 AS weight_micro, year, province
        FROM (
            SELECT
                *, HASH(h, indicator_no) AS k, 1 + HASH(h, indicator_no) // 97 % 9000 AS whole,
                (HASH(h, indicator_no) // 13 % 1000001) / 10000 AS share, NOT is_silent AS is_shown,
                HASH(h, indicator_no) % 11 > 0 AS is_done
            FROM place, kind
        )""",
    "review": """
        SELECT document_number, round_id, recipient_id, indicator_no, (k % 5000001) AS reviewed_micro, year, province
        FROM (SELECT *, HASH(h, indicator_no, 'review') AS k FROM place, kind)
        WHERE k % 211 = 0 AND NOT is_silent""",
    "unit_money": f"""
        SELECT
            document_number, round_id, recipient_id, '{_VERSION}' AS rule_version, MONTH(period_end_on) AS period_month,
            MONTH(period_end_on) AS passed_month, NOT is_silent AS is_reported, after_yuan,
            CASE
                WHEN NOT is_silent AND h % 59 > 0 THEN CAST(after_yuan AS DECIMAL(38, 2)) * (h // 11 % 1030) // 1000
            END AS paid_yuan,
            DAYOFYEAR(period_end_on) AS elapsed_days, 365 AS year_days,
            CASE WHEN c % 100 < 97 THEN county_code END AS county_code, '第' || c || '县' AS county_name,
            year, province
        FROM (SELECT *, CAST(CASE WHEN h % 71 = 0 THEN 0 ELSE h // 3 % 90000000 END AS DECIMAL(18, 2)) AS after_yuan
            FROM place)""",
    "indicator": f"""
        SELECT
            document_number, round_id, indicator_no, period_end_on + 6 AS valid_from, period_end_on + 6 AS as_of_on,
            '{_VERSION}' AS rule_version, rollup_method, entry_kind, scored_kind AS region_scored_kind,
            CASE WHEN rollup_method = 'unit_share' THEN 100 ELSE scale END AS region_scale,
            CASE WHEN rollup_method = 'unit_share' THEN 80 WHEN rollup_method = 'sum' THEN bound * 8 ELSE bound END
                AS region_bound,
            upper AS region_upper, HASH(document_number, indicator_no) % 101 > 0 AS is_period_covered,
            period_end_on + 5 AS round_due_on, 5000000 AS weight_micro, year, province
        FROM noticed, kind""",
    "region_entry": """
        SELECT
            document_number, round_id, indicator_no,
            CASE WHEN k % 5 = 0 THEN 'not_reported' ELSE 'given' END AS state, scored_kind, bound AS own_bound,
            upper AS own_upper, NULL AS numerator, NULL AS denominator,
            CASE WHEN k % 5 > 0 THEN k % 1000 END AS value, NULL AS prior_value, NULL AS band, NULL AS band_share,
            FALSE AS is_evidenced, NULL AS allowed_days, NULL AS taken_days, period_end_on + 5 AS due_on,
            CASE WHEN k % 4 > 0 THEN period_end_on + (k % 8)::INTEGER END AS done_on, year, province
        FROM (SELECT *, HASH(document_number, round_id, indicator_no) AS k FROM noticed, kind)
        WHERE rollup_method = 'prefecture'""",
}


def equal_rows(left: Path, right: Path, keys: tuple[str, ...]) -> tuple[int, int]:
    """How many rows of two results are the same in every column, and how many rows there are in the larger one.

    Compared part by part (year and province), so that any size fits into the memory.
    """
    files = {folder: parquet_files(folder) for folder in (left, right)}
    parts = sorted({file.parent.relative_to(folder) for folder, found in files.items() for file in found})
    same = most = 0
    store = Store(None)
    with store.reading() as cursor:
        for part in parts:
            # A part that only one of them has is read from the other as no rows.
            sides = {}
            for name, folder in (("a", left), ("b", right)):
                mine = [file for file in files[folder] if file.parent == folder / part]
                listed = ", ".join(f"'{file}'" for file in mine or files[folder][:1])
                sides[name] = f"(FROM read_parquet([{listed}], hive_partitioning = false)" + (
                    ")" if mine else " LIMIT 0)"
                )
            named = [row["column_name"] for row in cursor.rows(f"DESCRIBE {sides['a'][1:-1]}")]
            told = [row["column_name"] for row in cursor.rows(f"DESCRIBE {sides['b'][1:-1]}")]
            assert sorted(named) == sorted(told), (named, told)
            alike = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in named)
            joined = " AND ".join(f"a.{key} IS NOT DISTINCT FROM b.{key}" for key in keys)
            (found,) = cursor.rows(
                f"SELECT (SELECT COUNT(*) FROM {sides['a']} AS a JOIN {sides['b']} AS b ON {joined} WHERE {alike})"
                f" AS same, (SELECT COUNT(*) FROM {sides['a']}) AS lefts,"
                f" (SELECT COUNT(*) FROM {sides['b']}) AS rights"
            )
            same, most = same + found["same"], most + max(found["lefts"], found["rights"])
    store.close()
    return same, most
