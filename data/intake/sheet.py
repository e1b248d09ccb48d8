"""The sheet 填报表 of an uploaded workbook: is it the form that was handed out, and where does each indicator stand?"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from data.archives import damage_as_file_error
from data.errors import CellIssue, FileError, IntakeError
from data.files import CheckedFile
from data.intake.cells import ERROR_WORDS, FILLED_BY, PAID, Key
from data.intake.columns import (
    ACTUAL_FIELDS,
    ACTUAL_HEAD,
    CODE_ROW,
    COLUMNS,
    DOCUMENT_CELL,
    EXAMPLE_MARK,
    EXAMPLE_SUFFIX,
    FILLED_BY_CELL,
    FIRST_ROW,
    FORMAT_MARK,
    HEAD_ROW,
    LATER_FIELDS,
    PAID_CELL,
    RECIPIENT_CELL,
    ROUND_CELL,
    SHEET_NAME,
    cell,
    place,
)
from data.intake.form import ReportForm
from data.intake.numbers import TypedCell
from data.sheets import MAX_SHEET_ROWS, check_sheet_sizes

MAX_FORM_BYTES = 20 * 1024 * 1024     # unpacked
_HEAD_CELLS = {PAID: PAID_CELL, FILLED_BY: FILLED_BY_CELL}


@dataclass(frozen=True)
class FilledSheet:
    """The sheet of a workbook that is this form; ``row_nos`` says where each indicator stands."""

    row_nos: Mapping[int, int]
    issues: tuple[CellIssue, ...]
    values: Any        # the worksheet with the values last computed
    formulas: Any      # the worksheet with its formulas

    def holds(self, indicator_no: int) -> bool:
        """Whether the indicator has a row at all."""
        return indicator_no in self.row_nos

    def cell(self, key: Key) -> TypedCell:
        """A cell as a person typed it."""
        address = self._address(key)
        return typed_cell(self.values[address], self.formulas[address])

    def place(self, key: Key) -> str:
        """Where a person finds the cell: 「填报表」!I12."""
        return place(self._address(key))

    def _address(self, key: Key) -> str:
        field, indicator_no = key
        return _HEAD_CELLS.get(key) or cell(field, self.row_nos[indicator_no])


def typed_cell(value_cell: Any, formula_cell: Any) -> TypedCell:
    """One cell from its two readings."""
    value, written = value_cell.value, formula_cell.value
    is_formula = formula_cell.data_type == "f" or isinstance(written, ArrayFormula | DataTableFormula)
    is_error = value_cell.data_type == "e" or (isinstance(value, str) and value.strip().upper() in ERROR_WORDS)
    formula = str(getattr(written, "text", written)) if is_formula else ""
    return TypedCell(value, formula, is_error, "%" in str(value_cell.number_format))


def open_sheet(file: CheckedFile, form: ReportForm) -> FilledSheet:
    """The sheet 填报表, proven to be this form.

    Raises: FileError if the workbook is damaged or is the filled example; IntakeError if it is another workbook,
            another form, or if its head was changed, for then no cell can be trusted.
    """
    check_sheet_sizes(file.content, file.file_name)
    check_weight(file)
    with damage_as_file_error(file.file_name):
        values = openpyxl.load_workbook(io.BytesIO(file.content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(file.content))
    refuse_example(values, file.file_name)
    if SHEET_NAME not in values.sheetnames or SHEET_NAME not in formulas.sheetnames:
        raise IntakeError(file.file_name, [_no_sheet(file.file_name, values.sheetnames)])
    with damage_as_file_error(file.file_name):
        sheet = values[SHEET_NAME]
        issues = _other_form(sheet, form) or _changed_head(sheet)
        if issues:
            raise IntakeError(file.file_name, issues)
        row_nos, issues = find_rows(sheet, form)
        return FilledSheet(row_nos, tuple(issues), sheet, formulas[SHEET_NAME])


def refuse_example(workbook: Any, file_name: str) -> None:
    """The filled example is for looking at; whoever renames its sheets still hands in invented figures.

    Raises: FileError if the workbook is the example.
    """
    if any(name.endswith(EXAMPLE_SUFFIX) for name in workbook.sheetnames) or any(
        sheet.cell(CODE_ROW, 1).value == EXAMPLE_MARK for sheet in workbook.worksheets
    ):
        raise FileError(
            f"《{file_name}》是填好的示例，里面的数都是举例，没有收下。请下载空白的填报表，填本单位的数以后再上传。"
        )


def check_weight(file: CheckedFile) -> None:
    """A form is small; a workbook that is not would keep the parser busy for minutes.

    Raises: FileError if it is too much.
    """
    with damage_as_file_error(file.file_name), zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > MAX_FORM_BYTES:
        raise FileError(
            f"《{file.file_name}》内容过多（解压后 {size / 1024 / 1024:.0f} MB），不像填报模板，"
            "请删去图片和多余的工作表后再上传。"
        )


def _no_sheet(file_name: str, names: list[str]) -> CellIssue:
    shown = "、".join(f"「{name}」" for name in names[:5])
    return CellIssue(
        "no-report-sheet", f"《{file_name}》",
        f"《{file_name}》里没有工作表「{SHEET_NAME}」（只有{shown}），请下载本单位本轮的填报模板重新填写。",
    )


def _other_form(sheet: Any, form: ReportForm) -> list[CellIssue]:
    """The hidden codes say for whom, which round and which notice the form was written."""
    mark, document, round_id, recipient = (
        cell_words(sheet.cell(CODE_ROW, column_no).value) for column_no in range(1, 5)
    )
    if mark != FORMAT_MARK:
        return [CellIssue(
            "wrong-workbook", place(f"A{CODE_ROW}"),
            f"「{SHEET_NAME}」不是系统下发的填报模板，请下载本单位本轮的模板重新填写。",
        )]
    checks = (
        ("other-notice", document, form.document_number, DOCUMENT_CELL, "文号", form.document_number),
        ("other-recipient", recipient, form.recipient_id, RECIPIENT_CELL, "填报单位", form.recipient_name),
        ("other-round", round_id, form.round_id, ROUND_CELL, "填报轮次", form.round_name),
    )
    return [
        CellIssue(
            code, place(address),
            f"{place(address)} 的{what}是“{cell_words(sheet[address].value)}”，而本次填报的是“{name}”，"
            "请改传对应的文件，或重新下载模板。",
        )
        for code, found, expected, address, what, name in checks if found != expected
    ]


def _changed_head(sheet: Any) -> list[CellIssue]:
    issues = []
    missing_fields = LATER_FIELDS if _is_older(sheet) else ()
    for field, (letter, head, _) in COLUMNS.items():
        if field in missing_fields:
            continue
        address = f"{letter}{HEAD_ROW + 1 if field in ACTUAL_FIELDS else HEAD_ROW}"
        found = sheet[address].value
        if not same_words(found, head):
            shown = f"“{cell_words(found)[:20]}”" if cell_words(found) else "空白"
            issues.append(CellIssue(
                "head-changed", place(address),
                f"{place(address)} 的表头应为“{head}”，现为{shown}，请勿增删列、改动表头，请用原模板重新填写。",
            ))
    actual = f"{COLUMNS[ACTUAL_FIELDS[0]][0]}{HEAD_ROW}"
    if not issues and not same_words(sheet[actual].value, ACTUAL_HEAD):
        issues.append(CellIssue(
            "head-changed", place(actual),
            f"{place(actual)} 的表头应为“{ACTUAL_HEAD}”，请用原模板重新填写。",
        ))
    return issues


def _is_older(sheet: Any) -> bool:
    """Whether the form is of before the later columns: nothing stands in them, neither a head nor a value."""
    rows = sheet.iter_rows(
        min_row=HEAD_ROW, max_row=max(HEAD_ROW, min(sheet.max_row, MAX_SHEET_ROWS)),
        min_col=len(COLUMNS) - len(LATER_FIELDS) + 1, max_col=len(COLUMNS), values_only=True,
    )
    return not any(cell_words(value) for row in rows for value in row)


def find_rows(sheet: Any, form: ReportForm) -> tuple[dict[int, int], list[CellIssue]]:
    """The row of each indicator, by its number and name; rows may have been sorted, never lost or doubled."""
    names = {row.indicator_no: row.name for row in form.rows}
    row_nos: dict[int, int] = {}
    issues: list[CellIssue] = []
    last = min(sheet.max_row, MAX_SHEET_ROWS)
    rows = sheet.iter_rows(min_row=FIRST_ROW, max_row=last, max_col=len(COLUMNS), values_only=True)
    for row_no, values in enumerate(rows, start=FIRST_ROW):
        filled = [field for field, value in zip(COLUMNS, values, strict=True) if cell_words(value)]
        if not filled:
            continue
        address = cell("indicator_no", row_no)
        printed = cell_words(values[0])
        number = int(printed) if re.fullmatch(r"\d{1,6}", printed) else None
        if number is None or number not in names:
            where = address if printed else cell(filled[0], row_no)
            shown = f"序号“{printed[:20]}”" if printed else "没有序号的内容"
            issues.append(CellIssue(
                "unknown-indicator", place(where),
                f"{place(where)} 有{shown}，不是本表的指标，请删去该行内容，不要自行加行。",
            ))
        elif number in row_nos:
            issues.append(CellIssue(
                "duplicate-indicator", place(address),
                f"{place(address)} 的序号 {number} 与第{row_nos[number]}行重复，请只保留一行。",
            ))
        else:
            row_nos[number] = row_no
            issues += _other_name(sheet, row_no, names[number])
    issues += [
        CellIssue(
            "missing-row", f"「{SHEET_NAME}」",
            f"「{SHEET_NAME}」缺少第{number}项“{name}”一行，未填报也应保留该行，请用原模板重新填写。",
        )
        for number, name in names.items() if number not in row_nos
    ]
    return row_nos, issues


def _other_name(sheet: Any, row_no: int, name: str) -> list[CellIssue]:
    address = cell("name", row_no)
    found = sheet[address].value
    if same_words(found, name):
        return []
    return [CellIssue(
        "indicator-changed", place(address),
        f"{place(address)} 的三级指标应为“{name}”，现为“{cell_words(found)[:40]}”，请恢复原文，或用原模板重新填写。",
    )]


def same_words(one: Any, other: Any) -> bool:
    """Whether two printed words are the same but for spaces and width."""
    return _even(one) == _even(other)


def _even(words: Any) -> str:
    return "".join(unicodedata.normalize("NFKC", cell_words(words)).split())


def cell_words(value: Any) -> str:
    """A cell's words; whole numbers without .0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
