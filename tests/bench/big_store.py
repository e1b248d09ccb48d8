"""A store of very many scores in the shape of a real one: the demonstration's notice, handed down again and again.

The demonstration is built by the actions themselves: one notice, 12 units, 20 indicators, three rounds, 35 reports,
reviews and a log of 210 entries. Its 720 scores have 1,840 spans, for a score is kept with the time in which it held;
a span is a row, and rows are what is counted here. Every table that grows with a notice is then filled by SELECTs with
copies under other 文号, 540 notices a year (a million scores), year by year and within a year round by round, as
reports come in. What the systems export (payments, payouts) stays that of the one notice: it has its own benches.

The copies' log entries carry made-up hashes: the chain of such a log does not hold.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from dashboard import demo
from dashboard.workspace import STORE_NAME
from data.store import Cursor, Store
from metrics.scope import Scope
from tests.bench.figures import note

DATA = Path(__file__).parent.parent.parent / "build" / "bench-data"
ORIGINAL = "巴财社〔2021〕96号"
ROUND = "2021-12"
AS_OF = date(2021, 12, 28)
NOTICES_A_YEAR = 540
FIRST_YEAR = 2022

# Tables that grow with a notice, and the column that numbers their rows through the whole store.
TABLES = {
    "notice": "", "notice_line": "", "notice_field": "", "notice_cite": "", "notice_deadline": "",
    "notice_finding": "", "allocation_table": "", "allocation_column": "", "allocation_identity": "",
    "allocation_row": "", "allocation_cell": "", "allocation_line": "", "target_sheet": "", "indicator": "",
    "target": "", "round": "", "round_weight": "", "report": "", "report_event": "event_no", "actual": "",
    "actual_current": "", "score": "", "value_check": "check_no", "receipt": "receipt_no", "review": "review_no",
    "inquiry": "inquiry_no", "inquiry_event": "step_no", "audit_log": "entry_no",
}
# Columns that hold, or begin with, the 文号.
NUMBERED = ("document_number", "report_id", "subject_text")


def big_store(score_count: int) -> Path:
    """The folder of a workspace with at least so many scores, made once and kept in build/bench-data."""
    folder = DATA / f"store-{score_count}"
    if (folder / STORE_NAME).exists():
        return folder
    building = DATA / f"building-{score_count}"
    shutil.rmtree(building, ignore_errors=True)
    shutil.copytree(_demonstration(), building)
    store = Store(building / STORE_NAME)
    with store.reading() as cursor:
        cursor.run("SET memory_limit = '3GB'; SET preserve_insertion_order = true")
        (held,) = cursor.rows("SELECT COUNT(*) AS n FROM score")
        _multiply(cursor, -(-score_count // held["n"]) - 1)
        cursor.run("CHECKPOINT")
    store.close()
    building.rename(folder)
    return folder


def number_of(copy_no: int) -> str:
    """The 文号 of a copy, counted from 0; copies of a year follow one another."""
    return f"巴财社〔{FIRST_YEAR + copy_no // NOTICES_A_YEAR}〕{copy_no % NOTICES_A_YEAR + 1}号"


def scope_in(store: Store) -> Scope:
    """The December round of the notice in the middle of the store; the original's where there are no copies."""
    with store.reading() as cursor:
        (held,) = cursor.rows("SELECT COUNT(*) AS n FROM notice")
    return Scope(number_of((held["n"] - 1) // 2) if held["n"] > 1 else ORIGINAL, ROUND, AS_OF)


def _demonstration() -> Path:
    folder = DATA / "demonstration"
    if not (folder / STORE_NAME).exists():
        note("建立演示数据")
        building = DATA / "building-demonstration"
        shutil.rmtree(building, ignore_errors=True)
        demo.build(building).store.close()
        building.rename(folder)
    return folder


def _multiply(cursor: Cursor, copies: int) -> None:
    """Fill every table with its copies, a year at a time, each in a transaction of its own."""
    for table, numbering in TABLES.items():
        cursor.run(f"CREATE TEMP TABLE original_{table} AS FROM {table}")
        if numbering:
            cursor.run(
                f"UPDATE original_{table} SET {numbering} = o.rank_no FROM (SELECT rowid AS row_id, "
                f"ROW_NUMBER() OVER (ORDER BY {numbering}) AS rank_no FROM original_{table}) AS o "
                f"WHERE original_{table}.rowid = o.row_id"
            )
    for first in range(0, copies, NOTICES_A_YEAR):
        year = FIRST_YEAR + first // NOTICES_A_YEAR
        if first % (NOTICES_A_YEAR * 10) == 0:
            note(f"第 {first} 份文件（共 {copies} 份）")
        cursor.run(
            "CREATE OR REPLACE TEMP TABLE copy AS SELECT *, notice_key(document_number) AS notice_key FROM ("
            f"SELECT $first + i AS copy_no, '巴财社〔{year}〕' || (i + 1) || '号' AS document_number "
            f"FROM RANGE(LEAST({NOTICES_A_YEAR}, $copies - $first)) AS r (i))",
            {"first": first, "copies": copies},
        )
        cursor.run("BEGIN TRANSACTION")
        for table, numbering in TABLES.items():
            for condition in _in_turn(cursor, table):
                cursor.run(_copies_sql(cursor, table, numbering, condition))
        cursor.run("COMMIT")


def _in_turn(cursor: Cursor, table: str) -> list[str]:
    """Rows of a year come in round by round where a table has rounds."""
    names = _columns(cursor, table)
    key = "round_id" if "round_id" in names else "SPLIT_PART(report_id, '|', 2)" if "report_id" in names else ""
    return [f"{key} = '{round_id}'" for round_id in ("2021-06", "2021-09", "2021-12")] if key else ["TRUE"]


def _columns(cursor: Cursor, table: str) -> list[str]:
    return [row["column_name"] for row in cursor.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $table ORDER BY ordinal_position",
        {"table": table},
    )]


def _copies_sql(cursor: Cursor, table: str, numbering: str, condition: str) -> str:
    columns = {name: f"o.{name}" for name in _columns(cursor, table)}
    for name in NUMBERED:
        if name in columns:
            columns[name] = f"REPLACE(o.{name}, '{ORIGINAL}', c.document_number)"
    if "notice_key" in columns:
        columns["notice_key"] = "c.notice_key"
    if numbering:
        count = f"(SELECT COUNT(*) FROM original_{table})"
        columns[numbering] = f"(c.copy_no + 1) * {count} + o.{numbering}"
    if table == "inquiry_event":
        columns["inquiry_no"] = "(c.copy_no + 1) * (SELECT COUNT(*) FROM original_inquiry) + o.inquiry_no"
    if table == "audit_log":
        columns |= {name: f"SHA256(o.{name} || c.copy_no)" for name in ("previous_hash", "entry_hash")}
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
        f"FROM copy AS c CROSS JOIN original_{table} AS o WHERE {condition}"
    )
