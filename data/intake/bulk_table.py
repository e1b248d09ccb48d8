"""A table of actuals for many units, as a CSV, Parquet or Excel file → its rows, each with its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.errors import CellIssue, FileError, IntakeError
from data.intake.bulk_rows import BulkRows, read_bulk_rows
from data.intake.columns import ACTUAL_FIELDS, COLUMNS, NOT_APPLICABLE, TEXT_FIELDS
from data.intake.form import BAND_LABELS
from data.intake.numbers import TypedCell

# field → head, and the identifiers that machines write for it
HEADS: dict[str, tuple[str, ...]] = {
    "document_number": ("文号", "document_number"),
    "round_id": ("轮次", "round_id"),
    "recipient": ("单位", "recipient", "recipient_id"),
    "indicator_no": ("序号", "indicator_no"),
    "name": ("三级指标", "indicator_name"),
    **{name: (COLUMNS[name][1], name) for name in (*ACTUAL_FIELDS, *TEXT_FIELDS, "not_applicable", "claimed_points")},
    "paid": ("全年执行数（万元）", "paid_wan"),
}
HEADS["value"] += ("actual_value",)
KEY_FIELDS = ("document_number", "round_id", "recipient", "indicator_no")
VALUE_FIELDS = tuple(name for name in HEADS if name not in (*KEY_FIELDS, "name"))

EMPTY_CELL = TypedCell(None)
_BANDS = {str(band): TypedCell(label) for band, label in BAND_LABELS.items()}

@dataclass(frozen=True)
class BulkTable:
    """The rows of a file by field; ``lines`` says where each one stands."""

    file_name: str
    sha256: str
    sheet_name: str                       # empty for a file without sheets
    letters: Mapping[str, str]            # field → column letter on the sheet
    heads: Mapping[str, str]              # field → head as printed
    lines: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    cells: Mapping[str, Sequence[TypedCell]]     # of every field that holds a value

    def cell(self, name: str, row: int) -> TypedCell:
        """A field of the row with this position, as it was typed."""
        cells = self.cells.get(name)
        return cells[row] if cells is not None else EMPTY_CELL

    def text(self, name: str, row: int) -> str:
        """A field's words, for keys: whole numbers without .0, a day of a month as 2021-12."""
        value = self.columns[name][row] if name in self.columns else None
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, date | datetime):
            return f"{value:%Y-%m}"      # Excel makes a day of what was typed as 2021-12
        return str(value).strip()

    def place(self, name: str, row: int) -> str:
        """Where a field stands, as a person finds it: 「批量数据」!E12, or 第12行“分子”."""
        line = self.lines[row]
        if self.sheet_name:
            return f"「{self.sheet_name}」!{self.letters.get(name, 'A')}{line}"
        return f"第{line}行“{self.heads.get(name, HEADS[name][0])}”"


def read_bulk_table(content: bytes, file_name: str) -> BulkTable:
    """The rows of a file of actuals, judged by its head line alone.

    Raises: FileError if it cannot be read at all; IntakeError naming every column that is missing, doubled or unknown.
    """
    return bulk_table(read_bulk_rows(content, file_name))


def bulk_table(found: BulkRows) -> BulkTable:
    """Rows by field, once the head line is proven to name them.

    Raises: FileError if there are no rows, or a line that would be lost; IntakeError naming every column that is
            missing, doubled or unknown.
    """
    places = _placed(found.head, found.file_name)
    columns = {
        name: [row[place] if place < len(row) else None for row in found.rows] for name, place in places.items()
    }
    letters = {name: chr(ord("A") + place) for name, place in places.items() if len(found.head) <= 26}
    cells = {
        name: [_typed(value, name) for value in column] for name, column in columns.items() if name in VALUE_FIELDS
    }
    _mark_odd_cells(found, {letter: name for name, letter in letters.items() if name in cells}, cells)
    if not found.rows:
        raise FileError(f"《{found.file_name}》只有表头，没有数据，请填写后再上传。")
    return BulkTable(
        found.file_name, found.sha256, found.sheet_name, letters,
        {name: found.head[place].strip() for name, place in places.items()}, found.lines, columns, cells,
    )


def _mark_odd_cells(found: BulkRows, names: Mapping[str, str], cells: Mapping[str, list[TypedCell]]) -> None:
    row_of = {line: row for row, line in enumerate(found.lines)}
    for odd in found.odd_cells:
        name = names.get(odd.letter)
        if name and odd.line in row_of:
            row = row_of[odd.line]
            value = odd.written if odd.is_error else cells[name][row].value
            cells[name][row] = TypedCell(value, "=" if odd.is_formula else "", odd.is_error, odd.is_percent)
        elif name and odd.line > 1 and (odd.is_formula or odd.is_error):
            # A line that holds nothing but formulas without results is read as empty; it must not be lost.
            raise FileError(f"《{found.file_name}》第{odd.line}行只有没有结果的公式，请填数字后再上传。")


def _typed(value: Any, name: str) -> TypedCell:
    """A value as a cell of the form would hold it; machines write bands as numbers and 不适用 as true."""
    if value is None or value == "":
        return EMPTY_CELL
    if name == "band":
        return _BANDS.get(str(value).removesuffix(".0"), TypedCell(value))
    if name == "not_applicable" and value in (True, "是", False, "否"):
        return TypedCell(NOT_APPLICABLE) if value in (True, "是") else EMPTY_CELL
    return TypedCell(value)


def _placed(head: Sequence[str], file_name: str) -> dict[str, int]:
    """The position of each field; every fault of the head line at once."""
    known = {_even(word): name for name, words in HEADS.items() for word in words}
    places: dict[str, int] = {}
    issues: list[CellIssue] = []
    for place, words in enumerate(head):
        name = known.get(_even(words))
        where = f"首行第{place + 1}列"
        if not words.strip():
            continue
        if name is None:
            issues.append(CellIssue(
                "unknown-column", where,
                f"{where}“{words.strip()[:40]}”不是批量导入的列，请改正列名或删去该列。"
                f"可用的列名：{'、'.join(names[0] for names in HEADS.values())}。",
            ))
        elif name in places:
            issues.append(CellIssue("duplicate-column", where, f"{where}“{words.strip()}”重复，请只留一列。"))
        else:
            places[name] = place
    issues += [
        CellIssue("missing-column", "首行", f"首行缺少“{HEADS[name][0]}”一列（或写作 {HEADS[name][1]}），请补上。")
        for name in KEY_FIELDS if name not in places
    ]
    if not issues and not any(name in places for name in VALUE_FIELDS):
        issues.append(CellIssue("missing-column", "首行", "首行没有任何一列数据（分子、分母、本年值等），请补上。"))
    if issues:
        raise IntakeError(file_name, issues)
    return places


def _even(words: str) -> str:
    """A head without spaces, width and the unit behind it."""
    return re.sub(r"\((?:%|万元)\)$", "", "".join(unicodedata.normalize("NFKC", str(words)).casefold().split()))
