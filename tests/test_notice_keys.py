"""Every row of a notice carries the number made of its 文号, whoever wrote it, and nothing is read by another."""

from __future__ import annotations

import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import NUMBER, REGION, ROUND, SUBMITTED_AT, clerk, demo_store, entry, opened_store, rows, submit, upload
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.actions.imports import import_actuals
from dashboard.workspace import STORE_NAME
from data.document_number import notice_key
from data.store import Store

STORES = Path(__file__).parent / "stores"


def keyed_tables(store: Store) -> dict[str, str]:
    """Each table whose rows carry the number, with the column that it is made of."""
    found = rows(
        store,
        "SELECT table_name, BOOL_OR(column_name = 'document_number') AS has_number FROM duckdb_columns() "
        "WHERE table_name IN (SELECT table_name FROM duckdb_tables()) "
        "GROUP BY table_name HAVING BOOL_OR(column_name = 'notice_key')",
    )
    return {row["table_name"]: "document_number" if row["has_number"] else "report_id" for row in found}


def strays(store: Store) -> dict[str, int]:
    """How many rows of which table carry no number, or that of another 文号."""
    counted = {
        table: rows(
            store, f"SELECT COUNT(*) AS n FROM {table} WHERE notice_key IS DISTINCT FROM notice_key({column})"
        )[0]["n"]
        for table, column in keyed_tables(store).items()
    }
    return {table: n for table, n in counted.items() if n}


def imported(folder: Path) -> Store:
    """A store with a report that an import goes on from."""
    store = opened_store(folder)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    content = f"文号,轮次,单位,序号,分子,分母\n{NUMBER},{ROUND},轮台县,5,99,100\n".encode()
    import_actuals(store, clerk("luntai"), SUBMITTED_AT, content, "数据.csv", REGION)
    return store


def upgraded(folder: Path) -> Store:
    """A store of the first release, brought up to date."""
    path = folder / STORE_NAME
    path.write_bytes(lzma.decompress((STORES / "step_001_demo.duckdb.xz").read_bytes()))
    return Store(path)


@pytest.mark.parametrize("made", [lambda _: demo_store(), imported, upgraded], ids=["demo", "imported", "upgraded"])
def test_every_row_of_a_notice_carries_its_number(tmp_path: Path, made: Callable[[Path], Store]) -> None:
    store = made(tmp_path)

    assert strays(store) == {}
    assert {"score", "actual", "actual_current", "report", "report_event", "target", "receipt"} <= set(
        keyed_tables(store)
    )
    assert rows(store, "SELECT COUNT(*) AS n FROM actual WHERE notice_key IS NOT NULL")[0]["n"] > 0


@pytest.mark.parametrize(("number", "report", "year", "serial"), [
    (NUMBER, f"{NUMBER}|{ROUND}|luntai|1", 2021, 96),
    ("新财社[2022]7号", "新财社[2022]7号|2022-03|a|2", 2022, 7),
    ("没有序号的文件", "没有序号的文件|2021-12|luntai|1", 0, 0),
])
def test_the_number_is_year_serial_and_fingerprint_also_of_what_begins_with_it(
    number: str, report: str, year: int, serial: int
) -> None:
    (found,) = rows(
        demo_store(), "SELECT notice_key($number) AS key, notice_key($report) AS of_report",
        number=number, report=report,
    )

    assert found["key"] == found["of_report"]
    assert divmod(found["key"] // 10**9, 10**6) == (year, serial)


def test_two_issuers_of_one_serial_and_a_later_notice_stand_apart_and_in_order() -> None:
    numbers = ["巴财社〔2021〕96号", "巴财教〔2021〕96号", "巴财社〔2021〕97号", "巴财社〔2022〕1号"]
    keys = [rows(demo_store(), "SELECT notice_key($n) AS k", n=number)[0]["k"] for number in numbers]

    assert len(set(keys)) == 4
    assert max(keys[:2]) < keys[2] < keys[3]


def test_a_board_of_one_notice_reads_only_where_its_rows_stand() -> None:
    """Of twenty notices a query of one reads its own rows: the engine leaves out what holds only others."""
    store = Store(None)
    with store.transaction() as cursor:
        cursor.run(
            "INSERT INTO round_weight SELECT d, '2021-12', j, 1, notice_key(d) FROM ("
            "SELECT '巴财社〔2021〕' || (i // 122880 + 1) || '号' AS d, i % 20 AS j FROM RANGE(20 * 122880) AS r (i))"
        )
    with store.reading() as cursor:
        told = cursor.rows(
            "EXPLAIN ANALYZE SELECT SUM(weight_micro) FROM round_weight WHERE notice_key = $notice_key",
            {"document_number": "巴财社〔2021〕7号"},
        )
    plan = " ".join(str(value) for row in told for value in row.values())
    assert "Row Groups Scanned: 1 / 20" in plan or "Row Groups Scanned: 2 / 20" in plan, plan


@given(st.lists(st.text("巴财社〔〕[]() 号第0123456789|-.，年", max_size=25), min_size=1, max_size=200))
@example(["巴财社〔9881〕96号", "A0B12021C5", "巴财社〔2021〕1234567号", "1999年", "", f"{NUMBER}|{ROUND}|luntai|1"])
@settings(max_examples=40, deadline=None)
def test_the_program_and_the_store_make_the_same_number(numbers: list[str]) -> None:
    found = rows(demo_store(), "SELECT notice_key(UNNEST($numbers)) AS k", numbers=numbers)

    assert [row["k"] for row in found] == [notice_key(number) for number in numbers]
