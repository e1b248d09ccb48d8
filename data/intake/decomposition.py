"""The decomposition sheet of one notice: what stands on it, and what came back filled in."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from data.archives import damage_as_file_error
from data.errors import CellIssue, IntakeError
from data.files import FileKind, check_bytes, file_content
from data.intake.numbers import MAX_DIGITS, TypedCell
from data.intake.sheet import cell_words, check_weight, same_words, typed_cell
from data.sheets import MAX_SHEET_COLUMNS, MAX_SHEET_ROWS, check_sheet_sizes

SHEET_NAME = "目标分解"
FORMAT_MARK = "wenxiao-targets/1"
CODE_ROW = 1          # hidden: format and document number
HEAD_ROW = 4
FIRST_ROW = 5
HEADS = ("序号", "三级指标", "区域目标", "怎样汇总")
REGION_COLUMN = 3
FIRST_UNIT_COLUMN = len(HEADS) + 1
MAX_TARGET_LENGTH = 100
NO_COLUMN, NAME_COLUMN, ROLLUP_COLUMN = 1, 2, 4

Key = tuple[int, str]     # indicator_no, recipient_id


@dataclass(frozen=True)
class DecompositionRow:
    """One indicator: the region's target and each unit's; '' where a total has no part for the unit yet."""

    indicator_no: int
    name: str
    rollup_words: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class DecompositionForm:
    """What the sheet of one notice asks: ``units`` maps recipient_id to name, in printed order."""

    document_number: str
    fund_name: str
    region_id: str
    units: Mapping[str, str]
    rows: tuple[DecompositionRow, ...]


@dataclass(frozen=True)
class FilledDecomposition:
    """A filled sheet: the target texts that it states, where each stands, and what cannot be read.

    An empty cell states nothing. Faults of single cells are listed, not raised, so that whoever reads the
    words can add its own before all of them are told at once.
    """

    texts: Mapping[Key, str]
    places: Mapping[Key, str]
    issues: tuple[CellIssue, ...]


def place(address: str) -> str:
    """An address as a person reads it: 「目标分解」!E7."""
    return f"「{SHEET_NAME}」!{address}"


def read_decomposition(
    path: str | PathLike[str], form: DecompositionForm, file_name: str | None = None
) -> FilledDecomposition:
    """The target texts of a filled sheet.

    Raises: FileError if the file cannot be opened; IntakeError if it is another workbook, another
            notice's sheet, or if its first columns were changed, for then no cell can be trusted.
    """
    name = file_name or Path(path).name
    return read_decomposition_bytes(file_content(Path(path), name), form, name)


def read_decomposition_bytes(content: bytes, form: DecompositionForm, file_name: str) -> FilledDecomposition:
    """The target texts of a filled sheet that is already in memory, such as an upload.

    Raises: as ``read_decomposition``.
    """
    checked = check_bytes(content, file_name, frozenset({FileKind.XLSX}))
    check_sheet_sizes(checked.content, checked.file_name)
    check_weight(checked)
    with damage_as_file_error(checked.file_name):
        values = openpyxl.load_workbook(io.BytesIO(checked.content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(checked.content))
    if SHEET_NAME not in values.sheetnames or SHEET_NAME not in formulas.sheetnames:
        raise IntakeError(checked.file_name, [CellIssue(
            "no-target-sheet", f"《{checked.file_name}》",
            f"《{checked.file_name}》里没有工作表「{SHEET_NAME}」，请下载本文件的目标分解表重新填写。",
        )])
    with damage_as_file_error(checked.file_name):
        sheet = values[SHEET_NAME]
        issues = _other_sheet(sheet, form)
        if issues:
            raise IntakeError(checked.file_name, issues)
        return _Reading(sheet, formulas[SHEET_NAME], form).filled()


def _other_sheet(sheet: Any, form: DecompositionForm) -> list[CellIssue]:
    """Why the sheet is not the one that was handed out for this notice."""
    mark, number = (cell_words(sheet.cell(CODE_ROW, column).value) for column in (1, 2))
    address = place(f"A{CODE_ROW}")
    if mark != FORMAT_MARK:
        return [CellIssue(
            "wrong-workbook", address, f"「{SHEET_NAME}」不是系统下发的目标分解表，请下载本文件的分解表重新填写。",
        )]
    if number != form.document_number:
        return [CellIssue(
            "other-notice", address,
            f"这张分解表是 {number or '没有文号的文件'} 的，而现在分解的是 {form.document_number}，"
            "请在页面上方改选文件，或下载本文件的分解表。",
        )]
    issues = []
    for column, head in enumerate(HEADS, start=1):
        found = sheet.cell(HEAD_ROW, column).value
        if not same_words(found, head):
            where = place(f"{get_column_letter(column)}{HEAD_ROW}")
            issues.append(CellIssue(
                "head-changed", where,
                f"{where} 的表头应为“{head}”，现为“{cell_words(found)[:20] or '空白'}”，"
                "请勿移动前四列，请用原表重新填写。",
            ))
    return issues


class _Reading:
    """The texts and the faults that are found while a sheet is read."""

    def __init__(self, values: Any, formulas: Any, form: DecompositionForm) -> None:
        self._values = values
        self._formulas = formulas
        self._form = form
        self._issues: list[CellIssue] = []

    def filled(self) -> FilledDecomposition:
        columns = {REGION_COLUMN: self._form.region_id, **self._unit_columns()}
        rows = self._indicator_rows()
        texts: dict[Key, str] = {}
        places: dict[Key, str] = {}
        for row_no, indicator_no in rows.items():
            for column, recipient_id in columns.items():
                text = self._text(row_no, column)
                if text:
                    texts[indicator_no, recipient_id] = text
                places[indicator_no, recipient_id] = place(f"{get_column_letter(column)}{row_no}")
        return FilledDecomposition(texts, places, tuple(self._issues))

    def _fault(self, code: str, address: str, words: str) -> None:
        self._issues.append(CellIssue(code, place(address), f"{place(address)} {words}。"))

    def _unit_columns(self) -> dict[int, str]:
        """Which column is whose, by the name at its head: columns may be moved, never lost or doubled."""
        found: dict[int, str] = {}
        last = min(self._values.max_column, MAX_SHEET_COLUMNS)
        for column in range(FIRST_UNIT_COLUMN, last + 1):
            address = f"{get_column_letter(column)}{HEAD_ROW}"
            head = cell_words(self._values[address].value)
            owner = next((key for key, name in self._form.units.items() if same_words(head, name)), None)
            if owner is None and (head or self._has_words_below(column)):
                shown = f"“{head[:20]}”" if head else "空白"
                self._fault("unknown-unit", address, f"的表头{shown}不是本文件的单位，请删去该列或改回单位名称")
            elif owner is not None and owner in found.values():
                self._fault("duplicate-unit", address, f"的“{head}”已有一列，请只保留一列")
            elif owner is not None:
                found[column] = owner
        for key, name in self._form.units.items():
            if key not in found.values():
                self._fault(
                    "missing-unit", f"A{HEAD_ROW}", f"一行缺少“{name}”一列，不改的单位也要保留，请用原表重新填写"
                )
        return found

    def _has_words_below(self, column: int) -> bool:
        last = min(self._values.max_row, MAX_SHEET_ROWS)
        return any(cell_words(self._values.cell(row, column).value) for row in range(FIRST_ROW, last + 1))

    def _indicator_rows(self) -> dict[int, int]:
        """Which row is which indicator, by its number and name: rows may be sorted, never lost or doubled."""
        known = {row.indicator_no: row for row in self._form.rows}
        found: dict[int, int] = {}
        for row_no in range(FIRST_ROW, min(self._values.max_row, MAX_SHEET_ROWS) + 1):
            cells = [cell_words(self._values.cell(row_no, column).value)
                     for column in range(1, min(self._values.max_column, MAX_SHEET_COLUMNS) + 1)]
            if not any(cells):
                continue
            number = int(cells[0]) if re.fullmatch(r"[0-9]{1,6}", cells[0]) else None
            row = known.get(number) if number is not None else None
            if row is None:
                shown = f"序号“{cells[0][:20]}”" if cells[0] else "没有序号的内容"
                self._fault("unknown-indicator", f"A{row_no}", f"有{shown}，不是可分解的指标，请删去该行，不要自行加行")
            elif row.indicator_no in found.values():
                self._fault("duplicate-indicator", f"A{row_no}", f"的序号 {row.indicator_no} 重复，请只保留一行")
            else:
                found[row_no] = row.indicator_no
                self._check_printed(row_no, row)
        for number, row in known.items():
            if number not in found.values():
                self._fault(
                    "missing-row", f"A{FIRST_ROW}",
                    f"以下缺少第{number}项“{row.name}”一行，不改的指标也要保留，请用原表重新填写",
                )
        return found

    def _check_printed(self, row_no: int, row: DecompositionRow) -> None:
        for column, printed in ((NAME_COLUMN, row.name), (ROLLUP_COLUMN, row.rollup_words)):
            found = self._values.cell(row_no, column).value
            if not same_words(found, printed):
                self._fault(
                    "indicator-changed", f"{get_column_letter(column)}{row_no}",
                    f"的{HEADS[column - 1]}应为“{printed}”，现为“{cell_words(found)[:40] or '空白'}”，请恢复原文",
                )

    def _text(self, row_no: int, column: int) -> str:
        """A target as typed; '' where the cell is empty or cannot be read."""
        address = f"{get_column_letter(column)}{row_no}"
        typed = typed_cell(self._values[address], self._formulas[address])
        if typed.is_empty:
            return ""
        fault = _kind_fault(typed)
        if fault:
            self._fault(fault[0], address, fault[1])
            return ""
        text = " ".join(typed.value.split()) if isinstance(typed.value, str) else _number_text(typed)
        if len(text) > MAX_TARGET_LENGTH:
            self._fault("text-too-long", address, f"的目标有 {len(text)} 字，超过 {MAX_TARGET_LENGTH} 字上限，请精简")
            return ""
        return text


def _kind_fault(typed: TypedCell) -> tuple[str, str] | None:
    if typed.is_error:
        return "error-value", f"是错误值“{typed.value}”，请直接填目标"
    if typed.formula:
        return "formula", "是公式，请直接填目标的数或文字"
    if isinstance(typed.value, bool | date | datetime | time | timedelta):
        return "not-a-target", f"应填目标的数或文字，现为“{typed.value}”，请把单元格格式改为文本后重填"
    if isinstance(typed.value, float) and typed.value - typed.value != 0:
        return "error-value", "不是有效的数字，请直接填目标"
    return None


def _number_text(typed: TypedCell) -> str:
    """A stored number as a person sees it: 120, 0.95 shown in per cent as 95%."""
    number = Decimal(format(typed.value, f".{MAX_DIGITS}g"))
    return f"{_plain(number * 100)}%" if typed.is_percent else _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
