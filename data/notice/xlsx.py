"""Workbooks, .xlsx and .xls → every visible sheet as lines, and its tables as grids."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from data.archives import damage_as_file_error
from data.errors import FileError
from data.files import CheckedFile, FileKind
from data.notice.document import Document, GridCell
from data.notice.hidden import hidden_lines, hidden_lines_sentence, hidden_sheets_sentence
from data.notice.writing import CellText, DocumentWriter
from data.sheets import check_sheet_area, check_sheet_count, check_sheet_sizes


def read_workbook(file: CheckedFile) -> Document:
    """The visible sheets of a workbook; what is hidden from a reader is hidden here too.

    Raises: FileError if it is damaged, too large, or holds no word.
    """
    with damage_as_file_error(file.file_name):
        if file.kind is FileKind.XLSX:
            check_sheet_sizes(file.content, file.file_name)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
        check_sheet_count(len(workbook.sheet_names), file.file_name)
        formats = _formats(file)
        writer = DocumentWriter(file)
        hidden = _hidden_lines(file)
        passed_over: list[str] = []
        for sheet in workbook.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            cells = workbook.get_sheet_by_name(sheet.name)
            if sheet.visible == SheetVisibleEnum.Visible:
                _read_sheet(cells, formats, writer, file.file_name)
                _remark_hidden(cells, *hidden.get(sheet.name, (set(), set())), writer)
            elif cells.end is not None:
                passed_over.append(sheet.name)
        if passed_over:
            writer.add_remark(hidden_sheets_sentence(passed_over))
        document = writer.document()
    if not any(line.text.strip() for line in document.lines):
        raise FileError(f"《{file.file_name}》的工作表里没有内容，请检查后重新上传。")
    return document


def _read_sheet(
    sheet: CalamineSheet, formats: Any, writer: DocumentWriter, file_name: str
) -> None:
    check_sheet_area(sheet.total_height, sheet.total_width, file_name, sheet.name)
    shown = _shown_texts(formats, sheet)
    rows: list[list[CellText]] = []
    for row_no, values in enumerate(sheet.to_python(skip_empty_area=False)):
        rows.append([
            shown.get((row_no, column_no)) or _text(value)
            for column_no, value in enumerate(values)
        ])
    _mark_merges(rows, sheet.merged_cell_ranges or [])
    cells = [writer.add_row(row, f"「{sheet.name}」第{no}行") for no, row in enumerate(rows, start=1)]
    for block in _tables(cells):
        writer.add_grid(block, caption=sheet.name)


def _hidden_lines(file: CheckedFile) -> dict[str, tuple[set[int], set[int]]]:
    """The rows and columns that a workbook hides; of an .xls it is not known."""
    if file.kind is not FileKind.XLSX:
        return {}
    try:
        return hidden_lines(file.content)
    except Exception:   # an odd container must not cost the words
        return {}


def _remark_hidden(sheet: CalamineSheet, rows: set[int], columns: set[int], writer: DocumentWriter) -> None:
    """Say which hidden rows and columns hold something."""
    if not rows and not columns:
        return
    cells = sheet.to_python(skip_empty_area=False)
    held_rows = [no for no in sorted(rows) if no <= len(cells) and any(_text(cell).strip() for cell in cells[no - 1])]
    held_columns = [
        no for no in sorted(columns) if any(no <= len(row) and _text(row[no - 1]).strip() for row in cells)
    ]
    if held_rows or held_columns:
        writer.add_remark(hidden_lines_sentence(sheet.name, held_rows, held_columns))


def _mark_merges(
    rows: list[list[CellText]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    height, width = len(rows), max((len(row) for row in rows), default=0)
    for (top, left), (bottom, right) in ranges:
        for row_no in range(top, min(bottom, height - 1) + 1):
            for column_no in range(left, min(right, width - 1) + 1):
                if (row_no, column_no) != (top, left):
                    rows[row_no][column_no] = None


def _tables(rows: list[tuple[GridCell, ...]]) -> list[list[tuple[GridCell, ...]]]:
    """The tables of a sheet: titles above a table are left to the lines, a new title begins a new table.

    A blank row alone does not end a table; people leave blank rows inside one.
    """
    tables: list[list[tuple[GridCell, ...]]] = [[]]
    was_blank = False
    for row in rows:
        filled = sum(1 for cell in row if cell.text.strip())
        is_merged_in = any(cell.is_continued for cell in row)
        if tables[-1] and was_blank and filled == 1 and _is_title(row):
            tables.append([])
        is_blank = filled == 0 and not (tables[-1] and is_merged_in)
        # Above the first row of two cells stand titles and 单位：万元.
        if not is_blank and (tables[-1] or filled > 1):
            tables[-1].append(row)
        was_blank = is_blank
    return [table for table in tables if table]


def _is_title(row: tuple[GridCell, ...]) -> bool:
    return all(cell.is_continued or not cell.text.strip() for cell in row[1:])


def _text(value: object) -> str:
    """A value as the sheet shows it: whole numbers without .0, dates as ISO, no float noise."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel itself keeps and shows 15 digits; more of them are noise of the binary number.
        return format(Decimal(format(value, ".15g")), "f") if value == value else ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\t", " ").strip()


def _formats(file: CheckedFile) -> Any:
    """The workbook as a second parser sees it, for number formats and error values only.

    Empty:  None for .xls, and where the formats cannot be read: then the stored values stand.
    """
    if file.kind is not FileKind.XLSX:
        return None
    try:
        return openpyxl.load_workbook(io.BytesIO(file.content), data_only=True, read_only=True)
    except Exception:   # a broken style sheet must not cost the words
        return None


def _shown_texts(formats: Any, sheet: CalamineSheet) -> dict[tuple[int, int], str]:
    """Cells whose shown text differs from the stored value: percentages and error values.

    The fast parser gives 0.9 for a cell that shows 90%, and nothing for #REF!.
    """
    shown: dict[tuple[int, int], str] = {}
    if formats is None or not sheet.total_height:
        return shown
    try:
        # Bounded by what the other parser found: formatted blank rows may go down a million rows.
        height, width = sheet.total_height + 1, sheet.total_width + 1
        for row in formats[sheet.name].iter_rows(max_row=height, max_col=width):
            for cell in row:
                if text := _shown_text(cell):
                    shown[cell.row - 1, cell.column - 1] = text
    except Exception:   # as in _formats
        return {}
    return shown


def _shown_text(cell: Any) -> str:
    if cell.data_type == "e":
        return str(cell.value)
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    if is_number and "%" in str(cell.number_format):
        return _text(float(Decimal(format(cell.value, ".15g")) * 100)) + "%"
    return ""
