"""Faults that nobody sees on a page: what refers to nothing, what was changed, what counts twice or not at all.

DuckDB keeps no foreign keys here: they make each write look through both tables, and forbid replacing a paper.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from data.checks import UNNUMBERED, prove
from data.document_number import notice_key
from data.store import Cursor, sql_text

# What each query finds, in words that a person reads.
TABLE_CHECKS = (
    (sql_text("data", "queries/changed_files"), "received_file", "收到的原件与登记时的校验码相同"),
    (sql_text("data", "queries/broken_versions"), "report", "每个单位每一轮的填报从第 1 版起逐版相接"),
    (sql_text("data", "queries/strayed_currents"), "actual_current", "当前有效的数就是最新一版填报的数"),
    (sql_text("data", "queries/unadded_lines"), "allocation_line", "每个单位的分配数：调整前＋调整数＝调整后"),
    (sql_text("data", "queries/broken_spans"), "score", "每项得分的有效期首尾相接，同一时刻只有一个得分"),
)


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at: in words, how many rows, and the places where it does not hold (empty: it does)."""

    title: str
    row_count: int
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """Rows of a table name a row of another by these columns."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@lru_cache(maxsize=1)
def links() -> tuple[Link, ...]:
    """Every reference between tables that must lead somewhere (``data/reference/links.csv``)."""
    text = resources.files("data").joinpath("reference", "links.csv").read_text(encoding="utf-8")
    return tuple(
        Link(row["table"], tuple(row["columns"].split()), row["target"], tuple(row["target_columns"].split()))
        for row in csv.DictReader(text.splitlines())
    )


def examine_tables(cursor: Cursor) -> list[Examined]:
    """Hold the tables against each other; every fault with its place."""
    found = [_examine_links(cursor), _examine_notice_keys(cursor), _examine_sums(cursor)]
    for sql, table, title in TABLE_CHECKS:
        rows = cursor.rows(sql)
        found.append(Examined(title, row_count(cursor, table), tuple(row["place_text"] for row in rows)))
    return found


def _examine_links(cursor: Cursor) -> Examined:
    faults, count = [], 0
    for link in links():
        pairs = list(zip(link.columns, link.target_columns, strict=True))
        words = " || '，' || ".join(f"COALESCE(CAST(s.{name} AS TEXT), '空')" for name in link.columns)
        lost = cursor.rows(
            f"SELECT {words} AS key_text, COUNT(*) AS row_count FROM {link.table} AS s ANTI JOIN {link.target} AS t ON "
            + " AND ".join(f"t.{there} = s.{here}" for here, there in pairs) + " GROUP BY ALL ORDER BY ALL"
        )
        faults += [
            f"{link.table} 有 {row['row_count']} 行指向 {link.target} 里没有的 {row['key_text']}" for row in lost
        ]
        count += row_count(cursor, link.table)
    return Examined("每一行所指的行都在", count, tuple(faults))


def _examine_notice_keys(cursor: Cursor) -> Examined:
    """The number that stands for a 文号 beside its rows is that of the 文号, and no two 文号 share one."""
    numbers = [row["document_number"] for row in cursor.rows("SELECT document_number FROM notice ORDER BY ALL")]
    held = Counter(notice_key(number) for number in numbers)
    faults = [f"{number} 与另一个文号的编号相同" for number in numbers if held[notice_key(number)] > 1]
    tables = cursor.rows(
        "SELECT table_name, BOOL_OR(column_name = 'document_number') AS is_named FROM duckdb_columns() "
        "WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT temporary) "
        "GROUP BY ALL HAVING BOOL_OR(column_name = 'notice_key') ORDER BY ALL"
    )
    count = 0
    for table in tables:
        name, source = table["table_name"], "document_number" if table["is_named"] else "report_id"
        count += row_count(cursor, name)
        faults += [
            f"{name} 有 {row['row_count']} 行的编号不是 {row['key_text']} 的"
            for row in cursor.rows(
                f"SELECT {source} AS key_text, COUNT(*) AS row_count FROM {name} "
                f"WHERE notice_key({source}) IS DISTINCT FROM notice_key GROUP BY ALL ORDER BY ALL"
            )
        ]
    return Examined("文号与它的编号相符", count, tuple(faults))


def _examine_sums(cursor: Cursor) -> Examined:
    """What was published added up; it must do so still."""
    faults, count = [], 0
    for row in cursor.rows("SELECT document_number FROM notice ORDER BY ALL"):
        for identity in prove(cursor, row["document_number"]):
            count += 1
            if not identity.holds and identity.check.severity == "fatal":
                faults.append(f"{row['document_number'] or UNNUMBERED}：{identity.check.title}，{identity.subject}")
    return Examined("已发布文件的合计仍然成立", count, tuple(faults))


def row_count(cursor: Cursor, table: str) -> int:
    """How many rows a table has."""
    return int(cursor.rows(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"])
