"""How workbooks are written, and how big those of others may be, looked at before anything is laid out in memory."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from data.archives import damage_as_file_error, damaged_sentence
from data.errors import FileError

# How every workbook is written: a text that begins like a formula or an address stays a text.
PLAIN_WORKBOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
MAX_SHEETS = 50
MAX_MERGES = 20_000


@dataclass(frozen=True)
class SheetLimits:
    """How far a sheet may reach."""

    rows: int
    columns: int
    cells: int


MAX_SHEET_ROWS = 20_000
MAX_SHEET_COLUMNS = 256
MAX_SHEET_CELLS = 500_000
USUAL = SheetLimits(MAX_SHEET_ROWS, MAX_SHEET_COLUMNS, MAX_SHEET_CELLS)

# Cells that hold something: a cell that is only coloured closes itself, and parsers skip it.
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,9})(\d{1,10})["'][^>]*(?<!/)>""")
_DISGUISED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["'][^"'>]*&""")
_LISTED = re.compile(rb"<(?:\w+:)?sheet\s")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")


def check_sheet_sizes(content: bytes, file_name: str, limits: SheetLimits = USUAL) -> None:
    """Refuse an .xlsx whose cells lie so far apart that laying them out would take all memory.

    One stray cell in XFD1048576 is enough: parsers lay a sheet out as a full rectangle.

    Raises: FileError naming what is too much.
    """
    with damage_as_file_error(file_name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if re.search(r"sheets?/[^/]+\.xml$", name, re.I)]
        # Many sheets may share one part: what the workbook lists counts, too.
        listed = len(_LISTED.findall(archive.read("xl/workbook.xml"))) if "xl/workbook.xml" in archive.namelist() else 0
        check_sheet_count(max(len(sheets), listed), file_name)
        for name in sheets:
            xml = archive.read(name)
            require_plain(xml, file_name)
            rows = columns = 0
            for found in _CELL.finditer(xml):
                rows = max(rows, int(found[2]))
                columns = max(columns, _column_no(found[1]))
            check_sheet_area(rows, columns, file_name, limits=limits)
            if sum(1 for _ in _MERGE.finditer(xml)) > MAX_MERGES:
                raise FileError(f"《{file_name}》的合并单元格超过 {MAX_MERGES} 处，请清理后再上传。")


def require_plain(xml: bytes, file_name: str) -> None:
    """Refuse a sheet written so that only a parser can tell where its cells stand: no office program writes so.

    Raises: FileError if its addresses are disguised, or if it is in UTF-16.
    """
    if b"\x00" in xml or _DISGUISED.search(xml):
        raise FileError(damaged_sentence(file_name))


def check_sheet_count(count: int, file_name: str) -> None:
    """Raises: FileError if a workbook has too many sheets."""
    if count > MAX_SHEETS:
        raise FileError(
            f"《{file_name}》有 {count} 张工作表，超过 {MAX_SHEETS} 张上限，请删去无关的表后再上传。"
        )


def check_sheet_area(
    rows: int, columns: int, file_name: str, sheet_name: str = "", limits: SheetLimits = USUAL
) -> None:
    """Raises: FileError if a sheet has too many rows, columns or cells."""
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        where = f"「{sheet_name}」" if sheet_name else "有一张工作表"
        raise FileError(
            f"《{file_name}》{where}用到了 {rows} 行、{columns} 列，"
            f"超过上限（{limits.rows} 行、{limits.columns} 列、{limits.cells} 格），"
            "请删去多余的空行空列后另存再上传。"
        )


def _column_no(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
