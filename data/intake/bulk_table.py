"""A table of actuals for many units, as a CSV, Parquet or Excel file → its rows, each with its line."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from data.archives import damage_as_file_error
from data.errors import CellIssue, FileError, IntakeError
from data.files import MAX_FILE_BYTES, CheckedFile, FileKind, check_bytes, decode_text
from data.intake.columns import ACTUAL_FIELDS, COLUMNS, EXAMPLE_SUFFIX, NOT_APPLICABLE, TEXT_FIELDS
from data.intake.form import BAND_LABELS
from data.intake.numbers import TypedCell

MAX_BULK_ROWS = 99_999
MAX_PARQUET_BYTES = 256 * 1024 * 1024     # unpacked

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

# A cell far outside would make the parser lay out the whole sheet: a column of two letters, a row of six digits.
_FAR_CELL = re.compile(rb"""\br=["']([A-Z]{2,3}\d+|[A-Z]{0,3}\d{6,})["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)""", re.S)
_WHERE = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_WRITTEN = re.compile(rb"<(?:\w+:)?v>(.+?)</(?:\w+:)?v>", re.S)


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
    if Path(file_name).suffix.lower() == ".parquet":
        return _from_parquet(content, file_name)
    file = check_bytes(content, file_name, frozenset({FileKind.TEXT, FileKind.XLSX}))
    return _from_workbook(file) if file.kind is FileKind.XLSX else _from_csv(file)


def _from_csv(file: CheckedFile) -> BulkTable:
    reader = csv.reader(io.StringIO(decode_text(file.content, file.file_name), newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        head = next(reader, [])
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) > len(head):
                raise FileError(
                    f"《{file.file_name}》第{reader.line_num}行有 {len(cells)} 格，比表头的 {len(head)} 格多："
                    "单元格内有逗号的，请用引号括起来。"
                )
            lines.append(reader.line_num)
            rows.append(cells)
    except csv.Error as error:
        raise FileError(
            f"《{file.file_name}》第{reader.line_num}行的引号不成对或格式不对，请另存为 CSV（UTF-8）后再试。"
        ) from error
    return _table(file.file_name, file.sha256, "", head, lines, rows)


def _from_parquet(content: bytes, file_name: str) -> BulkTable:
    if len(content) > MAX_FILE_BYTES:
        raise FileError(f"《{file_name}》超过 {MAX_FILE_BYTES // 1024 // 1024} MB 上限，请拆分后再上传。")
    if not content.startswith(b"PAR1"):
        raise FileError(f"《{file_name}》的扩展名是 .parquet，内容却不是，请重新导出后再上传。")
    with damage_as_file_error(file_name):
        parquet = pq.ParquetFile(pa.BufferReader(content))
        groups = range(parquet.metadata.num_row_groups)
        size = sum(parquet.metadata.row_group(group).total_byte_size for group in groups)
        _check_row_count(parquet.metadata.num_rows, file_name)
        if size > MAX_PARQUET_BYTES:
            raise FileError(f"《{file_name}》解压后过大（{size // 1024 // 1024} MB），请拆分后再上传。")
        table = parquet.read()
        columns = [[_plain(value) for value in table.column(place).to_pylist()] for place in range(table.num_columns)]
    rows = list(zip(*columns, strict=True)) if columns else []
    held = [(line, row) for line, row in enumerate(rows, start=1) if any(value not in (None, "") for value in row)]
    sha256 = hashlib.sha256(content).hexdigest()
    return _table(
        file_name, sha256, "", table.column_names, [line for line, _ in held], [row for _, row in held]
    )


def _from_workbook(file: CheckedFile) -> BulkTable:
    with damage_as_file_error(file.file_name), zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
        if len(names) != 1:
            raise FileError(
                f"《{file.file_name}》有 {len(names)} 张工作表，批量导入只读一张，请删去其余的表后再上传。"
            )
        xml = archive.read(names[0])
        if far := _FAR_CELL.search(xml):
            raise FileError(
                f"《{file.file_name}》用到了 {far[1].decode()}，超过上限（{MAX_BULK_ROWS} 行、26 列），"
                "请删去多余的行列，或拆分后再上传。"
            )
        styles = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0)
        if sheet.name.endswith(EXAMPLE_SUFFIX):
            raise FileError(
                f"《{file.file_name}》是填好的示例，里面的数都是举例，没有收下。请下载批量导入模板，填实际的数以后再上传。"
            )
        found = sheet.to_python(skip_empty_area=False)
    lines = [line for line, row in enumerate(found[1:], start=2) if any(value != "" for value in row)]
    head = [str(value) for value in found[0]] if found else []
    table = _table(
        file.file_name, file.sha256, sheet.name, head, lines, [found[line - 1] for line in lines]
    )
    names_of = {letter: name for name, letter in table.letters.items() if name in table.cells}
    row_of = {line: row for row, line in enumerate(lines)}
    cells = {name: list(column) for name, column in table.cells.items()}
    for letter, line, is_formula, is_error, is_percent, written in _odd_cells(xml, _percent_styles(styles)):
        if letter in names_of and line in row_of:
            name, row = names_of[letter], row_of[line]
            value = written if is_error else cells[name][row].value
            cells[name][row] = TypedCell(value, "=" if is_formula else "", is_error, is_percent)
        elif line > 1 and letter in names_of and (is_formula or is_error):
            # A line that holds nothing but formulas without results is read as empty; it must not be lost.
            raise FileError(f"《{file.file_name}》第{line}行只有没有结果的公式，请填数字后再上传。")
    return replace(table, cells=cells)


def _percent_styles(styles: bytes) -> set[int]:
    """The numbers of the cell formats that show a value as so many per cent."""
    coded = dict(re.findall(rb'<(?:\w+:)?numFmt [^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"', styles))
    percent = {b"9", b"10"} | {number for number, code in coded.items() if b"%" in code}
    formats = re.search(rb"<(?:\w+:)?cellXfs[^>]*>(.*?)</(?:\w+:)?cellXfs>", styles, re.S)
    numbers = re.findall(rb'<(?:\w+:)?xf [^>]*?numFmtId="(\d+)"', formats[1]) if formats else []
    return {place for place, number in enumerate(numbers) if number in percent}


def _odd_cells(xml: bytes, percent: set[int]) -> list[tuple[str, int, bool, bool, bool, str]]:
    """The cells with a formula, an error or a per cent format, which a reader of values alone would miss."""
    if not percent and b"<f" not in xml and b":f" not in xml and b't="e"' not in xml:
        return []
    found = []
    for attributes, inner in _CELL.findall(xml):
        style = _STYLE.search(attributes)
        is_percent = bool(style) and int(style[1]) in percent if style else False
        is_formula = b"<f" in inner or b":f>" in inner
        is_error = b't="e"' in attributes
        where = _WHERE.search(attributes) if is_percent or is_formula or is_error else None
        if where and inner:
            written = _WRITTEN.search(inner)
            found.append((
                where[1].decode(), int(where[2]), is_formula, is_error, is_percent,
                written[1].decode(errors="replace") if written else "",
            ))
    return found


def _table(
    file_name: str, sha256: str, sheet_name: str, head: Sequence[str], lines: list[int], rows: Sequence[Sequence[Any]]
) -> BulkTable:
    """Rows by field, once the head line is proven to name them."""
    _check_row_count(len(rows), file_name)
    places = _placed(head, file_name)
    if not rows:
        raise FileError(f"《{file_name}》只有表头，没有数据，请填写后再上传。")
    width = len(head)
    columns = {
        name: [row[place] if place < len(row) else None for row in rows] for name, place in places.items()
    }
    return BulkTable(
        file_name, sha256, sheet_name,
        {name: chr(ord("A") + place) for name, place in places.items() if width <= 26},
        {name: head[place].strip() for name, place in places.items()},
        lines, columns,
        {name: [_typed(value, name) for value in column] for name, column in columns.items() if name in VALUE_FIELDS},
    )


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


def _check_row_count(count: int, file_name: str) -> None:
    if count > MAX_BULK_ROWS:
        raise FileError(f"《{file_name}》有 {count} 行，超过 {MAX_BULK_ROWS} 行上限，请拆分后再上传。")


def _plain(value: Any) -> Any:
    """A Parquet value as a person would have typed it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.decode(errors="replace") if isinstance(value, bytes) else value
