"""How fast files come in: a workbook of 50,000 rows checked, ten million payouts loaded, and what these then prove.

What is said of the files that people send in bulk (CSV, Parquet, the import with its scores, the archive of it) is
reported in the details. One payout in a hundred thousand cannot be read, and each must be named by its line.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv as pa_csv  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import xlsxwriter  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).parent.parent))

from builders import NUMBER, OFFICER, REGION, ROUND, SUBMITTED_AT, opened_store

from dashboard.actions import imports
from dashboard.actions.docking import ExportPlan, load_export
from dashboard.actions.reports import prepare_form
from dashboard.audit_archive import archive_content, verify_archive
from data.hashed_zip import write_whole
from data.intake.bulk_table import HEADS
from data.intake.form import EntryKind, FormRow
from data.store import Store
from metrics.boards import payout
from metrics.scope import Scope
from tests.bench.figures import hand_over, note

COLUMNS = [name for name in HEADS if name not in ("name", "not_applicable")]
ROWS_A_UNIT = 20
LOADED_AT = datetime(2022, 1, 4, 9)
BAD_ONE_IN, FIRST_BAD = 100_000, 7
WRITE = f"""
COPY (
    SELECT
        'F' || LPAD(i::TEXT, 9, '0') AS 发放明细主键, 'P' || (i // 1000) AS 支付明细主键,
        '{NUMBER}' AS 本级指标文号, '652822000' AS 财政区划代码, '2081902' AS 支出功能分类,
        '01 中央直达资金' AS 直达资金标识, '农村低保' AS 救助类别,
        STRFTIME(DATE '2021-01-01' + TO_MONTHS((i % 12)::INT), '%Y-%m') AS 发放月份,
        STRFTIME(DATE '2021-01-08' + TO_MONTHS((i % 12)::INT), '%Y-%m-%d') AS 发放日期,
        CASE WHEN i % {BAD_ONE_IN} = {FIRST_BAD} THEN '若干' ELSE (300 + i % 200) || '.50' END AS 发放金额,
        '张三' || (i // 12) AS 姓名, '65282219700101' || LPAD((i // 12)::TEXT, 7, '0')[-4:] AS 证件号码,
        '6217' || LPAD((i // 12)::TEXT, 15, '0') AS 银行账号, '银行代发' AS 发放方式, '成功' AS 发放状态
    FROM range({{rows}}) AS t(i)
) TO '{{path}}' (HEADER)
"""


@contextmanager
def timed(seconds: dict[str, float], what: str) -> Iterator[None]:
    """Keep how long a step took."""
    begun = time.perf_counter()
    yield
    seconds[what] = round(time.perf_counter() - begun, 3)
    note(f"{what} {seconds[what]:.2f} 秒")


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


def bulk(folder: Path, unit_count: int) -> tuple[float, dict[str, Any]]:
    """Seconds to read and check the workbook without taking it in; and of what else is done with such files."""
    store = opened_store(folder)
    rows = rows_of(store, add_units(store, unit_count))
    files = {"actuals.xlsx": workbook(rows), **tables(rows)}
    seconds: dict[str, float] = {}
    for name, content in files.items():
        with timed(seconds, f"读入并校验 {name}"):
            tried = imports.import_actuals(store, OFFICER, SUBMITTED_AT, content, name, REGION, dry_run=True)
        assert sum(tried.unit_counts.values()) == unit_count, tried
    with timed(seconds, "导入并计分"):
        imports.import_actuals(store, OFFICER, SUBMITTED_AT, files["actuals.xlsx"], "actuals.xlsx", REGION)
    with timed(seconds, "写出归档"):
        write_whole(folder / "archive.zip", archive_content(store, datetime(2021, 12, 28, 16)))
    with timed(seconds, "复算归档"):
        verify_archive(folder / "archive.zip")
    store.close()
    return seconds["读入并校验 actuals.xlsx"], {"rows": len(rows), "units": unit_count, **seconds}


def payouts(folder: Path, rows: int) -> tuple[float, float, dict[str, Any]]:
    """Seconds to load payouts from CSV and to compute the rates that they prove."""
    path = folder / "发放.csv"
    store = opened_store(folder)
    with store.reading() as cursor:
        cursor.run(WRITE.format(rows=rows, path=path))
    seconds: dict[str, float] = {}
    plan = ExportPlan("integrated", "payout", date(2021, 1, 1), date(2021, 12, 31))
    with timed(seconds, "载入发放明细"):
        loaded = load_export(store, OFFICER, LOADED_AT, b"k" * 32, path, path.name, plan)
    lines = [row["line_no"] for row in loaded.rejects]
    wanted = [number + 2 for number in range(FIRST_BAD, rows, BAD_ONE_IN)]
    assert loaded.read.rejected_count == len(wanted) and lines == wanted[:len(lines)], lines[:5]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    scope = Scope(NUMBER, ROUND, LOADED_AT.date())
    with timed(seconds, "算出佐证指标"):
        rates = payout.rates(store, scope)
    on_time = rates[(rates["recipient_id"] == "luntai") & (rates["measure_key"] == "on_time")]
    assert int(on_time["denominator"].iloc[0]) > 0, on_time
    size = (folder / "store.duckdb").stat().st_size if (folder / "store.duckdb").exists() else 0
    store.close()
    return seconds["载入发放明细"], seconds["算出佐证指标"], {
        "rows": rows, "rejected": loaded.read.rejected_count, "peak_mib": peak, "csv_mib": path.stat().st_size >> 20,
        "store_mib": size >> 20,
    }


def main(*, is_small: bool) -> None:
    """Measure both kinds of files."""
    details: dict[str, Any] = {}
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="wenxiao-bench-") as folder:
        unit_count = (2_000 if is_small else 50_000) // ROWS_A_UNIT
        figures["workbook_seconds"], details["workbook"] = bulk(Path(folder), unit_count)
    with tempfile.TemporaryDirectory(prefix="wenxiao-bench-") as folder:
        figures["payout_seconds"], figures["indicator_seconds"], details["payouts"] = payouts(
            Path(folder), 200_000 if is_small else 10_000_000
        )
    hand_over(figures, details)


if __name__ == "__main__":
    main(is_small="--small" in sys.argv)
