"""A file of actuals, CSV, Parquet or Excel → its rows as they stand there, before anyone knows what they mean.

Nothing here but plain values comes out, so that ``data.apart`` can read a file in a process of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from data.archives import damage_as_file_error
from data.errors import FileError
from data.files import MAX_FILE_BYTES, CheckedFile, FileKind, check_bytes, decode_text
from data.intake.columns import EXAMPLE_SUFFIX
from data.sheets import require_plain

MAX_BULK_ROWS = 99_999
MAX_PARQUET_BYTES = 256 * 1024 * 1024     # unpacked

# A cell far outside would make the parser lay out the whole sheet: a column of two letters, a row of six digits.
_FAR_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{2,9}\d+|[A-Z]{0,9}\d{6,})["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)""", re.S)
_WHERE = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_WRITTEN = re.compile(rb"<(?:\w+:)?v>(.+?)</(?:\w+:)?v>", re.S)


@dataclass(frozen=True)
class OddCell:
    """A cell of a workbook that a reader of values alone would miss: a formula, an error value or a per cent."""

    letter: str
    line: int
    is_formula: bool
    is_error: bool
    is_percent: bool
    written: str


@dataclass(frozen=True)
class BulkRows:
    """The head line and the rows below it that hold anything; ``lines`` says where each one stands."""

    file_name: str
    sha256: str
    head: Sequence[str]
    lines: Sequence[int]
    rows: Sequence[Sequence[Any]]
    sheet_name: str = ""                  # empty for a file without sheets
    odd_cells: Sequence[OddCell] = ()


def read_bulk_rows(content: bytes, file_name: str) -> BulkRows:
    """The rows of a file of actuals.

    Raises: FileError if it cannot be read at all, or has too many rows.
    """
    if Path(file_name).suffix.lower() == ".parquet":
        return _from_parquet(content, file_name)
    file = check_bytes(content, file_name, frozenset({FileKind.TEXT, FileKind.XLSX}))
    return _from_workbook(file) if file.kind is FileKind.XLSX else _from_csv(file)


def _from_csv(file: CheckedFile) -> BulkRows:
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
    _check_row_count(len(rows), file.file_name)
    return BulkRows(file.file_name, file.sha256, head, lines, rows)


def _from_parquet(content: bytes, file_name: str) -> BulkRows:
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
    return BulkRows(file_name, sha256, table.column_names, [line for line, _ in held], [row for _, row in held])


def _from_workbook(file: CheckedFile) -> BulkRows:
    with damage_as_file_error(file.file_name), zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
        if len(names) != 1:
            raise FileError(
                f"《{file.file_name}》有 {len(names)} 张工作表，批量导入只读一张，请删去其余的表后再上传。"
            )
        xml = archive.read(names[0])
        require_plain(xml, file.file_name)
        if far := _FAR_CELL.search(xml):
            place = f"第 {far[1].decode()} 行" if far[1].isdigit() else f" {far[1].decode()}"
            raise FileError(
                f"《{file.file_name}》用到了{place}，超过上限（{MAX_BULK_ROWS} 行、26 列），"
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
    _check_row_count(len(lines), file.file_name)
    return BulkRows(
        file.file_name, file.sha256, head, lines, [found[line - 1] for line in lines], sheet.name,
        _odd_cells(xml, _percent_styles(styles)),
    )


def _percent_styles(styles: bytes) -> set[int]:
    """The numbers of the cell formats that show a value as so many per cent."""
    coded = dict(re.findall(rb'<(?:\w+:)?numFmt [^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"', styles))
    percent = {b"9", b"10"} | {number for number, code in coded.items() if b"%" in code}
    formats = re.search(rb"<(?:\w+:)?cellXfs[^>]*>(.*?)</(?:\w+:)?cellXfs>", styles, re.S)
    numbers = re.findall(rb'<(?:\w+:)?xf [^>]*?numFmtId="(\d+)"', formats[1]) if formats else []
    return {place for place, number in enumerate(numbers) if number in percent}


def _odd_cells(xml: bytes, percent: set[int]) -> list[OddCell]:
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
            found.append(OddCell(
                where[1].decode(), int(where[2]), is_formula, is_error, is_percent,
                written[1].decode(errors="replace") if written else "",
            ))
    return found


def _check_row_count(count: int, file_name: str) -> None:
    if count > MAX_BULK_ROWS:
        raise FileError(f"《{file_name}》有 {count} 行，超过 {MAX_BULK_ROWS} 行上限，请拆分后再上传。")


def _plain(value: Any) -> Any:
    """A Parquet value as a person would have typed it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.decode(errors="replace") if isinstance(value, bytes) else value
