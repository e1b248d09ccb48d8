"""A system's export as an .xlsx workbook → its cells as words; what damaged bytes do to it stays in ``data.apart``."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from data.archives import damage_as_file_error
from data.errors import FileError
from data.files import FileKind, check_bytes
from data.sheets import SheetLimits, check_sheet_sizes

_LIMITS = SheetLimits(1_048_576, 256, 10_000_000)
# A number of a spreadsheet keeps fifteen digits: what stood behind them cannot be told any more.
LOST_DIGITS = "#lost-digits"

@dataclass(frozen=True)
class ExportCells:
    """The one sheet of a workbook: its heads, and its rows below as a table of words in the format of Arrow streams."""

    sha256: str
    heads: tuple[str, ...]
    cells: bytes


def read_export_workbook(content: bytes, file_name: str) -> ExportCells:
    """The cells of a workbook as a person would have typed them, in columns c0, c1, …

    Raises: FileError with one sentence if it is damaged, too wide, or has no sheet or several.
    """
    checked = check_bytes(content, file_name, frozenset({FileKind.XLSX}))
    check_sheet_sizes(content, file_name, _LIMITS)
    with damage_as_file_error(file_name):
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(workbook.sheet_names) != 1:
            raise FileError(
                f"《{file_name}》有 {len(workbook.sheet_names)} 张工作表，只读一张，请删去其余的表后再上传。"
            )
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    heads = tuple(str(cell) for cell in rows[0]) if rows else ()
    if len(heads) < 2:
        raise FileError(f"《{file_name}》的首行没有列名，请导出带表头的表。")
    table = pa.table({
        f"c{place}": pa.array([_words(row[place]) for row in rows[1:]], pa.string()) for place in range(len(heads))
    })
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return ExportCells(checked.sha256, heads, stream.getvalue().to_pybytes())


def _words(cell: Any) -> str:
    """A cell of a workbook as a person would have typed it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if abs(cell) >= 1e15:
            return LOST_DIGITS
        return f"{cell:.15g}" if abs(cell) >= 1e-4 or cell == 0 else f"{cell:.15f}".rstrip("0")
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
