"""How long a bulk import of 50,000 rows takes: generating, reading, checking, importing with scores, verifying.

Run:  .venv/bin/python tests/bench/bulk_read.py [units]
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import xlsxwriter

sys.path.insert(0, str(Path(__file__).parent.parent))

from builders import NUMBER, OFFICER, REGION, ROUND, SUBMITTED_AT, opened_store

from dashboard.actions import imports
from dashboard.actions.reports import prepare_form
from dashboard.audit_archive import archive_content, verify_archive
from data.hashed_zip import write_whole
from data.intake.bulk_table import HEADS
from data.intake.form import EntryKind, FormRow
from data.store import Store

COLUMNS = [name for name in HEADS if name not in ("name", "not_applicable")]


def say(*words: object) -> None:
    """One line of the result."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long a step took."""
    begun, used = time.perf_counter(), time.process_time()
    yield
    say(f"{what:<24}{time.perf_counter() - begun:8.2f} s, {time.process_time() - used:.2f} s of work")


def add_units(store: Store, count: int) -> list[str]:
    """Give the notice as many further units, each with the money and the targets of 轮台县."""
    with store.transaction() as cursor:
        cursor.run(
            "INSERT INTO recipient SELECT printf('bench-%04d', i), printf('第%d试验县', i), printf('试验%d', i), "
            f"'county', NULL, 1000 + i FROM range({count}) AS t(i)"
        )
        for table in ("allocation_line", "target"):
            cursor.run(
                f"INSERT INTO {table} SELECT a.* REPLACE (printf('bench-%04d', i) AS recipient_id) "
                f"FROM {table} AS a, range({count}) AS t(i) WHERE a.recipient_id = 'luntai'"
            )
    return [f"bench-{number:04d}" for number in range(count)]


def typed(row: FormRow, seed: int) -> dict[str, object]:
    """One row of the file: plausible values of the kind that the indicator asks for."""
    values: dict[str, object] = {}
    if row.entry in (EntryKind.RATIO, EntryKind.COVERAGE, EntryKind.RATIO_VERSUS_PRIOR):
        values |= {"numerator": 900 + seed % 100, "denominator": 1000}
    if row.entry in (EntryKind.VALUE, EntryKind.VERSUS_PRIOR):
        values |= {"value": 600 + seed % 50}
    if row.entry in (EntryKind.VERSUS_PRIOR, EntryKind.RATIO_VERSUS_PRIOR):
        values |= {"prior_value": 90}
    if row.entry is EntryKind.QUALITATIVE:
        values |= {"band": "达成预期", "band_share": 95, "evidence_text": "满意度回访记录"}
    if values:
        values |= {"deviation_reason": "牧户转场，登记滞后", "improvement_measure": "次月补录", "claimed_points": 1}
    return values


def rows_of(store: Store, units: list[str]) -> list[dict[str, object]]:
    """Every row of the file: each unit's indicators and its money."""
    form = prepare_form(store, NUMBER, ROUND, units[0])
    return [
        {"document_number": NUMBER, "round_id": ROUND, "recipient": unit, "indicator_no": number, **values}
        for seed, unit in enumerate(units)
        for number, values in (
            (0, {"paid": 1000 + seed % 1000}),
            *((row.indicator_no, typed(row, seed + row.indicator_no)) for row in form.rows if typed(row, 0)),
        )
    ]


def workbook(rows: list[dict[str, object]]) -> bytes:
    """The rows as a workbook of one sheet, with Chinese heads."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("批量数据")
        sheet.write_row(0, 0, [HEADS[name][0] for name in COLUMNS])
        for place, row in enumerate(rows, start=1):
            for column, name in enumerate(COLUMNS):
                if name in row:
                    sheet.write(place, column, row[name])
    return buffer.getvalue()


def tables(rows: list[dict[str, object]]) -> dict[str, bytes]:
    """The rows as CSV and as Parquet, with the identifiers that machines write."""
    table = pa.table({HEADS[name][1]: [row.get(name) for row in rows] for name in COLUMNS})
    parquet, text = io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet)
    pa_csv.write_csv(table, text)
    return {"actuals.parquet": parquet.getvalue(), "actuals.csv": text.getvalue()}


def main(unit_count: int) -> None:
    """Measure each step once and print it."""
    folder = Path(tempfile.mkdtemp(prefix="wenxiao-bench-"))
    with timed("store with the units"):
        store = opened_store(folder)
        units = add_units(store, unit_count)
    rows = rows_of(store, units)
    with timed("generate xlsx"):
        files = {"actuals.xlsx": workbook(rows)}
    with timed("generate parquet, csv"):
        files |= tables(rows)
    say(f"{len(rows)} rows, {unit_count} units, " + ", ".join(f"{n} {len(c) >> 10} KB" for n, c in files.items()))
    for name, content in files.items():
        with timed(f"read {name}"):
            table = imports.read_bulk_table(content, name)
        with timed(f"read+check {name}"):
            found = imports._read(store, SUBMITTED_AT, table, "")
        assert len(found.reports) == unit_count, found.faults[:3]
    with timed("import with scores"):
        receipt = imports.import_actuals(store, OFFICER, SUBMITTED_AT, files["actuals.xlsx"], "actuals.xlsx", REGION)
    say(dict(receipt.counts), dict(receipt.unit_counts), receipt.entry)
    with timed("the same again"):
        again = imports.import_actuals(
            store, OFFICER, SUBMITTED_AT, files["actuals.parquet"], "actuals.parquet", REGION
        )
    say(dict(again.counts), dict(again.unit_counts), again.entry)
    with timed("archive"):
        write_whole(folder / "archive.zip", archive_content(store, datetime(2021, 12, 28, 16)))
    with timed("verify"):
        verify_archive(folder / "archive.zip")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_500)
