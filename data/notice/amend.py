"""Corrections that a person makes by hand to what was read; the printed words always stay."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from data.document_number import normalise
from data.errors import RefusedError
from data.model import AllocationTable, Finding, FundNotice, Reading, Severity
from data.notice.derived import with_derived
from data.notice.figures import YUAN_PER_UNIT

LARGEST_YUAN = Decimal(10) ** 12

# Doubts about one cell, which a person who has looked at the paper settles by saying what stands there.
CELL_DOUBTS = frozenset({"cell-unreadable", "amount-blank", "amount-too-large"})

# Header fields that a person may fill in or correct, with their Chinese names.
HEADER_FIELDS = {
    "document_number": "文号", "title": "标题", "issuer": "发文单位", "dated_on": "成文日期",
    "fund_name": "资金名称", "direct_fund_marker": "直达资金标识",
    "income_account": "收入科目", "expenditure_account": "支出科目",
}


@dataclass(frozen=True)
class HandCorrection:
    """One cell as a person says it should read.

    ``field_name`` is a key of HEADER_FIELDS, ``cell:<table>:<row>:<column>``, ``indicator_name:<no>``
    or ``target_text:<no>``.
    """

    line_no: int
    field_name: str
    printed_text: str
    corrected_text: str
    correction_reason: str
    corrected_by: str = ""


def amend(notice: FundNotice, corrections: Iterable[HandCorrection]) -> FundNotice:
    """The notice with a person's corrections, each of them also a finding that says so.

    Raises: RefusedError if a corrected amount is no number, a date no date, a 文号 no 文号.
    """
    for correction in corrections:
        kind, _, rest = correction.field_name.partition(":")
        if kind == "cell":
            notice = _amend_cell(notice, correction, *(int(part) for part in rest.split(":")))
        elif kind in ("indicator_name", "target_text"):
            notice = _amend_indicator(notice, correction, kind, int(rest))
        elif kind in HEADER_FIELDS:
            notice = _amend_header(notice, correction)
        else:
            raise RefusedError(f"没有“{correction.field_name}”这一处，请从列表中选择要更正的内容。")
        notice = dataclasses.replace(notice, findings=(*notice.findings, _finding(correction)))
    return with_derived(notice)


def _finding(correction: HandCorrection) -> Finding:
    return Finding(
        code="corrected-by-hand",
        severity=Severity.REPAIRED,
        line_no=correction.line_no or None,
        sentence=(
            f"{correction.corrected_by}将“{correction.printed_text or '空白'}”更正为"
            f"“{correction.corrected_text}”，理由：{correction.correction_reason}。"
        ),
        field_name=correction.field_name,
        printed=correction.printed_text,
        read_as=correction.corrected_text,
    )


def _amount(text: str) -> Decimal:
    fault = f"“{text}”不是数字，请只填写数字，例如 1709 或 -530。"
    try:
        number = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation as error:
        raise RefusedError(fault) from error
    if not number.is_finite():
        raise RefusedError(fault)
    return number


def _yuan(number: Decimal, unit: str) -> Decimal:
    # An exponent beyond Decimal's own range may not be multiplied, not even compared.
    if unit not in YUAN_PER_UNIT:
        raise RefusedError("这张表没有写明金额单位（元、万元或亿元），请先补全文件再更正金额。")
    yuan = number * YUAN_PER_UNIT[unit] if -12 < number.adjusted() < 12 else LARGEST_YUAN
    if abs(yuan) >= LARGEST_YUAN or yuan != round(yuan, 2):
        raise RefusedError(f"“{number}”{unit}位数太多：金额须在一万亿元以内，精确到分，请核对。")
    return yuan


def _amend_cell(
    notice: FundNotice, correction: HandCorrection, table_no: int, row_no: int, column_no: int
) -> FundNotice:
    def cell_of(table: AllocationTable, cell: Any) -> Any:
        unit = next(c.unit for c in table.columns if c.column_no == column_no) or table.unit
        number = _amount(correction.corrected_text)
        return dataclasses.replace(cell, number=number, yuan=_yuan(number, unit))

    tables = tuple(
        dataclasses.replace(table, rows=tuple(
            dataclasses.replace(row, cells=tuple(
                cell_of(table, cell) if cell.column_no == column_no else cell for cell in row.cells
            )) if row.row_no == row_no else row
            for row in table.rows
        )) if table.table_no == table_no else table
        for table in notice.allocation_tables
    )
    if not any(
        cell.column_no == column_no
        for table in tables if table.table_no == table_no
        for row in table.rows if row.row_no == row_no
        for cell in row.cells
    ):
        raise RefusedError("分配表里没有这一格，请重新打开文件，从列表中选择要更正的内容。")
    head = next(
        column.name for table in tables if table.table_no == table_no
        for column in table.columns if column.column_no == column_no
    )
    settled = tuple(
        dataclasses.replace(finding, severity=Severity.NOTE)
        if finding.code in CELL_DOUBTS
        and (finding.line_no, finding.field_name) == (correction.line_no, head) else finding
        for finding in notice.findings
    )
    return dataclasses.replace(notice, allocation_tables=tables, findings=settled)


def _amend_indicator(
    notice: FundNotice, correction: HandCorrection, kind: str, indicator_no: int
) -> FundNotice:
    sheet = notice.target_sheet
    if sheet is None or all(row.indicator_no != indicator_no for row in sheet.rows):
        raise RefusedError("目标表里没有这一项指标，请重新打开文件，从列表中选择要更正的内容。")
    change = {"name" if kind == "indicator_name" else "target_text": correction.corrected_text}
    rows = tuple(
        dataclasses.replace(row, **change) if row.indicator_no == indicator_no else row  # type: ignore[arg-type]
        for row in sheet.rows
    )
    return dataclasses.replace(notice, target_sheet=dataclasses.replace(sheet, rows=rows))


def _amend_header(notice: FundNotice, correction: HandCorrection) -> FundNotice:
    name, text = correction.field_name, correction.corrected_text.strip()
    value: Any = text
    if name == "dated_on":
        try:
            value = date.fromisoformat(text)
        except ValueError as error:
            raise RefusedError(f"“{text}”不是日期，请按 2021-12-22 的样子填写。") from error
    elif name == "document_number":
        try:
            value = normalise(text)
        except ValueError as error:
            raise RefusedError(f"“{text}”不是文号，请按 巴财社〔2021〕96号 的样子填写。") from error
    reading = Reading(value, correction.printed_text, correction.line_no)
    return dataclasses.replace(notice, **{name: reading})  # type: ignore[arg-type]
